"""Ordinary pages that no package ships: shops, blogs, tables of downloads, indexes of packages, answers of programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from ordinary import Ordinary

WORDS = "We have made these things by hand since 1974, in a workshop by the river, and we mend what breaks. "
MENU = ('<nav><ul><li><a href="/">Home</a></li><li><a href="/about/">About</a></li><li><a href="/contact/">Contact</a>'
        "</li></ul></nav>")


def page(title: str, inner: str, *, menu: str = MENU) -> str:
    """A page with a menu and a foot."""
    return (f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>'
            f'{menu}<main>'
            f"<h1>{title}</h1>{inner}</main><footer>© 2026 Example Ltd</footer></body></html>")


def many(count: int, row: Callable[[int], str]) -> str:
    """Rows in a row."""
    return "".join(map(row, range(1, count + 1)))


def table(head: Sequence[str], rows: str) -> str:
    """A table with column headers."""
    return "<table><thead><tr>" + "".join(f"<th>{name}</th>" for name in head) + f"</tr></thead>{rows}</table>"


PAGES: dict[str, str] = {
    "downloads/elsewhere": page("Downloads", "<p>Choose your system.</p>" + table(("File", "Size", "Date"), many(
        12, lambda i: f'<tr><td><a href="https://cdn.example.net/tool-1.{i}.tar.gz">tool-1.{i}.tar.gz</a></td><td>'
                      f'{i}.2 '
        f'MB</td><td>2026-01-{i:02}</td></tr>'))),
    "downloads/below": page("Download Acme Tool", "<p>" + WORDS + "</p>" + table(("Version", "Size", "Date"), many(
        9, lambda i: f'<tr><td><a href="/dl/tool-1.{i}.zip">Acme Tool 1.{i}</a></td><td>{i}.2 MB</td><td>2026-01-0{i}'
        f'</td></tr>'))),
    "downloads/here": page("Downloads", "<p>" + WORDS * 5 + "</p>" + table(("Name", "Size", "Date"), many(
        4, lambda i: f'<tr><td><a href="manual-{i}.pdf">Manual, part {i}</a></td><td>{i}.2 MB</td><td>2026-01-0{i}'
        f"</td></tr>")) + "<p>" + WORDS * 5 + "</p>"),
    "downloads/sums": page("Release 1.2", "<ul>" + many(6, lambda i: (
        f'<li><a href="https://example.org/releases/tool-{i}.tar.gz">tool-{i}.tar.gz</a> (<a href="https://example.org/'
        f'releases/tool-{i}.tar.gz.sig">sig</a>) {i}00 KB</li>')) + "</ul>"),
    "packages/simple": "<!DOCTYPE html><html><head><title>Simple index</title></head><body>" + many(
        40, lambda i: f'<a href="/simple/thing-{i}/">thing-{i}</a><br>') + "</body></html>",
    "packages/links": "<!DOCTYPE html><html><head><title>Links for thing</title></head><body><h1>Links for thing</h1>"
    + many(12, lambda i: f'<a href="/packages/{i:02x}/thing-1.{i}.tar.gz#sha256={i:064x}">thing-1.{i}.tar.gz</a><br>')
    + "</body></html>",
    "packages/json": json.dumps({"meta": {"api-version": "1.1"}, "name": "thing", "files": [
        {"filename": f"thing-1.{i}.tar.gz", "url": f"https://files.example.net/thing-1.{i}.tar.gz", "size": 900 + i,
         "upload-time": "2026-01-01T00:00:00Z"} for i in range(9)]}),
    "packages/table": page("thing", table(("Package", "Version", "Date"), many(30, lambda i: (
        f'<tr><td><a href="/package/thing{i}">thing{i}</a></td><td>1.{i}</td><td>2026-01-01</td></tr>')))),
    "podcast": page("The river podcast", "<ol>" + many(14, lambda i: (
        f'<li><h3><a href="/episodes/{i}/">Episode {i}: on wood</a></h3><audio controls src="/media/episode-{i}.mp3">'
        f"</audio><p>{WORDS}</p><small>{i}2 MB, 2026-01-{i:02}</small></li>")) + "</ol>"),
    "podcast/bare": page("Episodes", "<ul>" + many(9, lambda i: (
        f'<li><a href="episode-{i}.mp3">Episode {i}</a> ({i}2 min)</li>')) + "</ul>"),
    "gallery": page("Pictures", '<div class="grid">' + many(24, lambda i: (
        f'<a href="picture-{i}.jpg"><img src="thumbs/picture-{i}.jpg" alt="By the river"></a>')) + "</div>"),
    "gallery/captions": page("Summer 2026", many(12, lambda i: (
        f'<figure><a href="large/p{i}.jpg"><img src="small/p{i}.jpg"></a><figcaption>Picture {i}</figcaption>'
        f'</figure>'))),
    "gallery/albums": page("Albums", "<ul>" + many(9, lambda i: (
        f'<li><a href="album{i}/"><img src="album{i}/cover.jpg"> Album {i}</a> <span>{i}0 pictures</span></li>'))
        + "</ul>"),
    "dashboard": page("Status", '<div class="cards">' + many(8, lambda i: (
        f'<div class="card"><a href="/host/{i}/">host-{i}.example.org</a><b>{i}0 %</b><small>2026-10-03 12:0{i}</small>'
        "</div>")) + "</div>"),
    "dashboard/graphs": page("Graphs", table(("Host", "Day", "Week"), many(12, lambda i: (
        f'<tr><td><a href="host{i}.html">host{i}</a></td><td><img src="host{i}-day.png"></td><td><img src="host{i}-week'
        f'.png"></td></tr>')))),
    "statistics": page("Usage in October 2026", table(("Day", "Hits", "Files", "KBytes"), many(31, lambda i: (
        f"<tr><td>{i}</td><td>{i}000</td><td>{i}00</td><td>{i}5000</td></tr>"))) + '<a href="usage_202609.html">'
        "September</a> <a href=\"usage_202608.html\">August</a>"),
    "tree/text": "<html><head><title>Layout of the project</title></head><body><h2>Layout</h2><pre>.\n├── bin\n│   └── "
    "tool\n├── lib\n│   ├── a.py\n│   └── b.py\n└── README.md\n\n2 directories, 4 files\n</pre></body></html>",
    "tree/linked": page("Source files", "<p>Here is a list of all files:</p><table>" + many(20, lambda i: (
        f'<tr><td><a href="file__{i}_8c.html">file_{i}.c</a></td><td>What file {i} does</td></tr>')) + "</table>"),
    "sources": page("thing/src at main", "<table>" + many(18, lambda i: (
        f'<tr><td><a href="/someone/thing/blob/main/src/f{i}.c">f{i}.c</a></td><td><a '
        f'href="/someone/thing/commit/{i:07x}'
        f'">Change {i}</a></td><td><time datetime="2026-10-03T12:00:00Z">last month</time></td></tr>')) + "</table>"),
    "article": page("Index of /recordings: what it means", f"<p>{WORDS * 8}</p><pre>Index of /recordings\n\n../\ncall-1"
                    ".wav   03-Oct-2026 14:30   281\ncall-2.wav   03-Oct-2026 14:31   282\n</pre>"
                    f"<p>{WORDS * 8}</p>"),
    "article/ls": page("How to read ls -l", f"<p>{WORDS * 6}</p><pre>total 8\ndrwxr-xr-x 2 anna anna 4096 Feb 18 "
                                            f"2019 a\n"
                       f"-rw-r--r-- 1 anna anna  281 Feb 18  2019 b.txt\n</pre><p>{WORDS * 6}</p>"),
    "changelog": page("Changes", many(12, lambda i: (
        f'<h2 id="v{i}"><a href="#v{i}">1.{i}</a> (2026-01-{i:02})</h2><ul><li>Mended <a href="/issues/{i}/">'
        f'#{i}</a></li>'
        f"<li>{WORDS}</li></ul>"))),
    "changelog/text": many(20, lambda i: (
        f"Version 1.{i} (2026-01-{i:02})\n  * Mended file{i}.c\n  * Added test{i}.py\n\n")),
    "shop": page("Chairs", many(12, lambda i: (
        f'<div class="product"><a href="/chairs/chair-{i}/"><img src="/i/{i}.jpg">Chair {i}</a><span>{i}9.50 €</span>'
        "</div>"))),
    "shop/json": json.dumps([{"id": i, "name": f"Chair {i}", "price": i * 9.5, "size": 40 + i, "date": "2026-01-01"}
                             for i in range(20)]),
    "blog": page("Notes from the river", many(10, lambda i: (
        f'<article><h2><a href="/2026/01/{i:02}/note-{i}/">Note {i}</a></h2><time datetime="2026-01-{i:02}">{i} January'
        f"</time><p>{WORDS * 2}</p></article>"))),
    "archive": page("Archive", "<ul>" + many(12, lambda i: (
        f'<li><a href="/2026/{i:02}/">2026-{i:02}</a> ({i})</li>')) + "</ul>"),
    "wiki": page("All pages", "<ul>" + many(60, lambda i: f'<li><a href="/wiki/Page_{i}">Page {i}</a></li>') + "</ul>"),
    "wiki/files": page("File list", table(("Date", "Name", "Size", "User"), many(20, lambda i: (
        f'<tr><td>12:0{i % 10}, {i} January 2026</td><td><a href="/wiki/File:Photo_{i}.jpg">Photo {i}.jpg</a> (<a '
        f'href="'
        f'/images/{i}/Photo_{i}.jpg">file</a>)</td><td>{i} KB</td><td><a href="/wiki/User:Anna">Anna</a></td></tr>')))),
    "forum": page("General", table(("Topic", "Replies", "Last"), many(20, lambda i: (
        f'<tr><td><a href="/t/{i}/">How do I mend chair {i}?</a></td><td>{i}</td><td>2026-01-{i:02} 12:00</td></tr>'
        f'')))),
    "mail": page("January 2026", "<ul>" + many(40, lambda i: (
        f'<li><a href="{i:06}.html">[list] Chair number {i}</a> <i>Anna</i></li>')) + "</ul>"),
    "sitemap": page("Sitemap", "<ul>" + many(40, lambda i: (
        f'<li><a href="/page-{i}.html">Page {i}</a></li>')) + "</ul>"),
    "tags": page("Tags", many(30, lambda i: f'<a href="/tag/t{i}/">t{i}</a> ({i}) ')),
    "links": "<html><body>" + many(9, lambda i: f'<a href="page{i}.html">Page number {i}</a><br>') + "</body></html>",
    "frames": '<html><head><title>Manual</title></head><frameset cols="20%,80%"><frame src="toc.html"><frame src="'
    'intro.html"></frameset></html>',
    "login": page("Sign in", '<form method="post"><input name="user"><input type="password" name="p"><button>Sign in'
                  "</button></form>"),
    "application": '<!doctype html><html><head><title>App</title><script src="/static/js/main.js"></script></head>'
                   '<body>'
    '<div id="root"></div></body></html>',
    "file manager": '<!doctype html><html><head><title>Files</title><link rel="stylesheet" href="/static/app.css">'
                    '</head>'
    '<body><div id="files"><table><thead><tr><th>Name</th><th>Size</th><th>Modified</th></tr></thead><tbody></tbody>'
    '</table></div><script src="/static/app.js"></script></body></html>',
    "under construction": page("Coming soon", f"<p>{WORDS}</p>"),
    "not found": page("404", "<p>There is nothing here.</p>"),
    "settings": json.dumps({"server": {"port": 80, "root": "/srv"}, "log": {"file": "a.log", "size": 10}}),
    "users": json.dumps([{"id": i, "name": f"user{i}", "type": "user", "created": "2026-01-01"} for i in range(9)]),
    "interface": json.dumps({"openapi": "3.0.0", "info": {"title": "Files", "version": "1"}, "paths": {
        f"/files/{i}": {"get": {"summary": "x"}} for i in range(9)}}),
    "health": json.dumps({"status": "ok", "checks": [{"name": "disk", "type": "component", "time": "2026-01-01"}]}),
    "releases": json.dumps([{"url": f"https://api.example.net/{i}", "name": f"v1.{i}", "published_at": "2026-01-01",
                             "assets": [{"name": "thing.zip", "size": 12, "updated_at": "2026-01-01"}]}
                            for i in range(4)]),
    "words": "\n".join(f"word{i}" for i in range(200)), "hosts": "\n".join(f"h{i}.example.org" for i in range(50)),
    "log": "\n".join(f"2026-10-03 12:00:{i:02} started part{i}.service" for i in range(50)),
}


def made() -> list[Ordinary]:
    """The generated pages."""
    return [Ordinary(f"made: {name.partition('/')[0]}", name, body.encode()) for name, body in PAGES.items()]
