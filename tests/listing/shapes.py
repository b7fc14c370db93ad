"""Pages in the shapes that further products and web sites print, typed by hand; all names are made up."""

from __future__ import annotations

FRAME = "<html><head><title>{0}</title></head><body><h1>{0}</h1>{1}</body></html>"


def page(title: str, body: str) -> bytes:
    """A page with this title, also as its heading."""
    return FRAME.format(title, body).encode()


PRE = ('<hr><pre><A HREF="/">[To Parent Directory]</A><br><br> 2/18/2019  6:07 AM        &lt;dir&gt; <A HREF="/c'
       'alls/2013/">'
       '2013</A><br> 4/12/2013  8:00 AM         8044 <A HREF="/calls/070-1740605.wav">070-1740605.wav</A><br>'
       ' 2/18/2019 11:07 PM      1024000 <A HREF="/calls/Anna call.wav">Anna call.wav</A><br></pre><hr>')
LS = ('<pre>\nmode  links  bytes  last-changed  name\ndr-x   2     4096  Feb 18  2019  <a href="./">./</a>\n'
      'dr-x   5     4096  Feb 18  2019  <a href="../">../</a>\n'
      '-r--   1     8044  Apr 12  2013  <a href="070-1740605.wav">070-1740605.wav</a>\n'
      '-r--   1  1024000  Feb 18  2019  <a href="Anna%20call.wav">Anna call.wav</a>\n'
      'dr-x   2     4096  Feb 18  2019  <a href="2013/">2013/</a>\n</pre>')
NO_BREAK = ('<table><tr><th><a href="?C=N&O=A">Name&nbsp; &#8679;</a></th><th><a href="?C=M&O=A">Last Modified</'
            'a></th></tr>'
            '<tr><td><a href="/">Parent Directory</a></td><td>-</td><td>-</td></tr>'
            '<tr><td><a href="/calls/2013/">2013/&nbsp;</a></td><td>Feb 18, 2019, 6:07:08\u202fAM&nbsp;</td>'
            '<td>4,096 bytes&nbsp;</td></tr><tr><td><a href="/calls/070-1740605.wav">070-1740605.wav&nbsp;</a></td>'
            '<td>Apr 12, 2013, 8:00:00\u202fAM&nbsp;</td><td>8,044 bytes&nbsp;</td></tr>'
            '<tr><td><a href="/calls/Anna%20call.wav">Anna call.wav&nbsp;</a></td>'
            '<td>Feb 18, 2019, 11:07:00\u202fPM&nbsp;</td><td>1,024,000 bytes&nbsp;</td></tr></table>')
TILES = ('<ul id="files"><li><a href="/calls/2013" class="icon icon-directory" title="2013"><span class="name">2'
         '013</span>'
         '<span class="size"></span><span class="date">2/18/2019 6:07:08 AM</span></a></li>\n'
         '<li><a href="/calls/070-1740605.wav" class="icon icon-wav" title="070-1740605.wav"><span class="name">'
         '070-1740605.wav</span><span class="size">8044</span><span class="date">4/12/2013 8:00:00 AM</span></a></li>\n'
         '<li><a href="/calls/Anna%20call.wav" class="icon icon-wav" title="Anna call.wav"><span class="name">An'
         'na call.wav'
         '</span><span class="size">1024000</span><span class="date">2/18/2019 11:07:00 PM</span></a></li></ul>')
GRID = ('<div><div class="row"><div><a href="2013">2013</a></div><div>2019-02-18</div><div>-</div></div>\n'
        '<div class="row"><div><a href="070-1740605.wav">070-1740605.wav</a></div><div>2013-04-12</div><div>8044'
        '</div></div>\n'
        '<div class="row"><div><a href="Anna%20call.wav">Anna call.wav</a></div><div>2019-02-18</div><div>102400'
        '0</div></div>'
        '</div>')
TYPED = ('<table><tr><td><a href="./2013/">2013</a></td><td>Directory</td><td>-</td><td>Mon, 18 Feb 2019 06:07:0'
         '8 GMT</td></tr>'
         '<tr><td><a href="070-1740605.wav">070-1740605.wav</a></td><td>WAV-File</td><td>8,044 Bytes</td>'
         '<td>Fri, 12 Apr 2013 08:00:00 GMT</td></tr><tr><td><a href="Anna%20call.wav">Anna call.wav</a></td>'
         '<td>WAV-File</td><td>1,024,000 Bytes</td><td>Mon, 18 Feb 2019 23:07:00 GMT</td></tr></table>')
PERMISSIONS = (
    '<table><tr><td class="perms">(drwxr-xr-x)</td><td>18-Feb-2019 06:07</td><td></td><td><a href="./2013/">2013'
    '/</a></td></tr>'
    '<tr><td class="perms">(-rw-r--r--)</td><td>12-Apr-2013 08:00</td><td class="file-size">8044B</td>'
    '<td><a href="./070-1740605.wav">070-1740605.wav</a></td></tr><tr><td class="perms">(-rw-r--r--)</td>'
    '<td>18-Feb-2019 23:07</td><td class="file-size">1024000B</td><td><a href="./Anna%20call.wav">Anna call.wav<'
    '/a></td></tr>'
    '</table>')
ICONS = (
    '<table><tr><td><a href="2013/"><img alt="[DIR]"></a></td><td><a href="2013/">2013/</a></td><td>2019-02-18 0'
    '6:07</td>'
    '<td>  - </td></tr><tr><td><a href="070-1740605.wav"><img alt="[SND]"></a></td><td><a href="070-1740605.wav">'
    '070-1740605.wav</a></td><td>2013-04-12 08:00</td><td>8044</td></tr><tr><td><a href="Anna%20call.wav">'
    '<img alt="[SND]"></a></td><td><a href="Anna%20call.wav">Anna call.wav</a></td><td>2019-02-18 23:07</td><td>'
    '1024000</td></tr>'
    '</table>')
ZIPS = (
    '<table><tr><td><a href="2013/?zip">zip</a></td><td><a href="2013/">2013/</a></td><td>4096</td><td>---</td>'
    '<td>2019-02-18 06:07:08</td></tr>\n<tr><td>-</td><td><a href="070-1740605.wav">070-1740605.wav</a></td><td>'
    '8044</td>'
    '<td>wav</td><td>2013-04-12 08:00:00</td></tr>\n<tr><td>-</td><td><a href="Anna%20call.wav">Anna call.wav</a></td>'
    '<td>1024000</td><td>wav</td><td>2019-02-18 23:07:00</td></tr></table>')
ORDERED = (
    '<table><tr><td><a href="./2013/">2013/</a></td><td data-order="-1">&mdash;</td><td><time datetime="2019-02-'
    '18T06:07:08Z">'
    'long ago</time></td></tr><tr><td><a href="./070-1740605.wav"><svg></svg><span>070-1740605.wav</span></a></td>'
    '<td data-order="8044">7.9 KiB</td><td><time datetime="2013-04-12T08:00:00Z">longer ago</time></td></tr>'
    '<tr><td><a href="./Anna%20call.wav"><svg></svg><span>Anna call.wav</span></a></td><td data-order="1024000">'
    '1000 KiB</td>'
    '<td><time datetime="2019-02-18T23:07:00Z">long ago</time></td></tr></table>')

#: Listings of /calls/ that all show 2013/, 070-1740605.wav (8044) and Anna call.wav (1024000), with their dates.
LISTINGS = {
    "lines with the date first": page("files.example.org - /calls/", PRE),
    "lines like those of ls": page("Index of /calls/", LS),
    "a table with spaces that do not break": page("Directory: /calls/", NO_BREAK),
    "tiles whose directories show no slash": page("listing directory /calls/", TILES),
    "a grid of boxes, its directory told by a dash": page("My files", GRID),
    "a table with a column of types": page("WsgiDAV - Index of /calls/ ", TYPED),
    "columns before the name": page("Index of /calls/", PERMISSIONS),
    "icons that are links": page("Index of /calls", ICONS),
    "further links in the rows": page("example", '<a href="/">/</a> <a href="../">up</a>' + ZIPS),
    "exact sizes in attributes": page("/calls/", '<a href="..">Go up</a>' + ORDERED),
}

NAMES_ONLY = {
    "nothing but links": b'<pre>\n<a href="2013/">2013/</a>\n<a href="070-1740605.wav">070-1740605.wav</a>\n</pre>\n',
    "a list": page("Directory listing for &#x2F;calls&#x"
                   "2F;", '<ul><li><a href="070-1740605.wav">070-1740605.wav</a></li>'
                   '<li><a href="2013/">2013/</a></li></ul>'),
    "the slash only in the text": page("Index of /calls/", '<ul><li><a href="/calls/2013">2013/</a></li>'
                                       '<li><a href="/calls/070-1740605.wav">070-1740605.wav</a></li></ul>'),
    "links with their host": page("Index of /calls/", '<ul><li><a href="http://files.example.org/calls/2013/">20'
                                                      '13/</a></li>'
                                  '<li><a href="//files.example.org/calls/070-1740605.wav">070-1740605.wav</a></li>'
                                  '<li><a href="//other.example.org/calls/x.wav">x.wav</a></li></ul>'),
}

WORDS = "Some words about this and that, and then some more of them. "
ROWS = "".join(f'<tr><td><a href="{{0}}tool-{i}.zip">tool-{i}.zip</a></td><td>2026-0{i}-01 12:00</td><td>{i}.4M<'
               f'/td></tr>'
               for i in range(1, 6))
TABLE = "<table><tr><th>Name</th><th>Last modified</th><th>Size</th></tr>{0}</table>"
SAMPLE = ('<p>When a page titled <code>Index of /</code> with <a href="?C=N;O=D">Name</a>, <a href="?C=M;O=A">Last'
          ' modified</a> and <a href="../">Parent Directory</a> is shown, anyone can read your files:</p>'
          '<pre>{0}</pre><p>'
          + "Turn it off with Options -Indexes as soon as you can, or somebody will come by and read it all. "
          * 6 + "</p>")
FILE = ('<a href="070-1740605.wav">070-1740605.wav</a>  2026-10-03 14:30  1.5M\n'
        '<a href="monitor/">monitor/</a>  2026-10-03 14:30  -')
PODCAST = "".join(f'<li><a href="avsnitt-{i}.mp3">Avsnitt {i}</a> <audio src="avsnitt-{i}.mp3"></audio>'
                  "</li>" for i in range(9))
NAV = '<nav><a href="/">Home</a> <a href="/docs/">Docs</a></nav>'

#: Pages that are no listings, each at the path that it was asked for.
OTHERS = {
    "an article about listings": ("/", page("Index of /recordings - what open directories are", SAMPLE.format(FILE))),
    "an article whose sample is escaped": (
        "/", page("Index of /recordings", SAMPLE.format(FILE.replace("<", "&lt;").replace(">", "&gt;")))),
    "a table of downloads elsewhere": ("/", page("Downloads - Acme Tool", TABLE.format(ROWS.format("/files/")))),
    "a page of downloads": ("/files/", page("Downloads - Acme Tool", NAV + TABLE.format(ROWS.format("")) + (
        '<p>Choose the newest for your machine and read the <a href="/docs/install.html">instructions</a> before'
        '.</p>'))),
    "a podcast": ("/ep/", page("Podcasten", f"<ul>{PODCAST}</ul>")),
    "a single-page application": ("/", page("App", '<div id="root"></div><script src="/static/js/main.js"></script>')),
    "a login page": ("/", page("Recordings - Sign in", '<form method="post"><input name="user"><button>Sign in</'
                                                       'button></form>')),
    "a default page": ("/", page("It works!", f'<p>{WORDS * 9}<a href="/manual">manual</a> <a href="/icons/">/ic'
                                              f'ons/</a></p>')),
    "a page that was not found": ("/abc/", page("Not found: /abc/", "<p>The page /abc/ was not found.</p>")),
    "a blog": ("/", page("Notes", '<nav><a href="/posts/">posts</a> <a href="/about/">about</a></nav>'
                                  '<p>' + WORDS * 20)),
    "a page of tags": ("/tags/", page("Tags", "".join(
        f'<li><a href="/tags/{tag}/">{tag}</a> ({len(tag)})</li>' for tag in ("python", "go", "rust")))),
    "a menu alone": ("/", b'<a href="login">login</a> <a href="about">about</a> <a href="help">help</a>'),
    "a title alone": ("/", page("Index of nothing in particular", f"<p>{WORDS * 4}</p>")),
    "an index of topics": ("/", page("Index of topics", "".join(
        f'<li><a href="/t{i}.html">Topic number {i}</a></li>' for i in range(30)))),
    "nothing": ("/", b""),
    "a picture called a page": ("/", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
}
