"""Listings by products that do not exist: markup of many styles, in many languages. All names are made up.

Each shows the same folder, /media/in/, as its own product would.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

PATH = "/media/in/"
#: What lies there: name, bytes (None: a folder), seconds since 1970.
WORLD = (
    ("2018", None, 1550470020), ("Älteres", None, 1514764800),
    ("070-1740605.wav", 8044, 1365753600), ("070-1740606.wav", 911, 1365811140), ("Anna call.wav", 1024000, 1550531220),
    ("samtal åäö.mp3", 3221225, 1488362400), ("notes & more.txt", 40, 1467331200),
)


@dataclass(frozen=True)
class Shown:
    """One row, in the forms that products print."""

    name: str
    size: int | None
    moment: int

    @property
    def href(self) -> str:
        return quote(self.name)

    @property
    def text(self) -> str:
        return self.name.replace("&", "&amp;")

    @property
    def slash(self) -> str:
        return "/" if self.size is None else ""

    @property
    def units(self) -> str:
        """As 7.9 KB; folders show a dash."""
        if self.size is None:
            return "—"
        if self.size < 1024:
            return f"{self.size} B"
        return f"{self.size / 1024:.1f} KB" if self.size < 1 << 20 else f"{self.size / (1 << 20):.2f} MB"

    def when(self, form: str) -> str:
        return datetime.fromtimestamp(self.moment, UTC).strftime(form)


ROWS = tuple(Shown(*row) for row in WORLD)


@dataclass(frozen=True)
class Invention:
    """One product: what it prints, and how much of the world its pages tell."""

    body: bytes
    exact: bool = False                      # sizes to the byte
    sizes: bool = True
    dates: bool = True


def _made(head: str, row: Callable[[Shown], str], foot: str, join: str = "\n") -> bytes:
    return (head + join.join(row(one) for one in ROWS) + foot).encode()


def _page(title: str, inner: str = "", attributes: str = "") -> str:
    return (f'<!DOCTYPE html><html {attributes}><head><meta charset="utf-8"><title>{title}</title><style>a{{color:red}}'
            f"</style></head><body>{inner}")


def _cards() -> bytes:
    def row(one: Shown) -> str:
        icon = "folder.png" if one.size is None else "file.png"
        size = "" if one.size is None else f"<span>{one.units}</span>"
        return (f'<div class="card"><a href="{one.href}{one.slash}"><img src="/_t/{icon}" alt=""><b>{one.text}</b></a>'
                f'<p>{size}<small>{one.when("%d %b %Y, %H:%M")}</small></p></div>')
    return _made(_page("Shelf", '<header><h1>Shelf</h1><nav><a href="/">Top</a> / <a href="/media/">media</a> / in'
                       '</nav></header><main class="cards">'), row, "</main><footer>Shelf 2.1</footer></body></html>")


def _buttons() -> bytes:
    def row(one: Shown) -> str:
        if one.size is None:
            return (f'<tr data-name="{one.text}"><td><input type="checkbox" name="pick"></td><td><i class="bi '
                    f'bi-folder-fill"></i></td><td><a href="{PATH}{one.href}/">{one.text}</a></td><td></td><td>'
                    f'{one.when("%Y-%m-%d %H:%M")}</td><td></td></tr>')
        return (f'<tr data-name="{one.text}"><td><input type="checkbox" name="pick"></td><td><i class="bi bi-file">'
                f'</i></td><td><a href="{PATH}{one.href}">{one.text}</a></td><td>{one.units}</td><td>'
                f'{one.when("%Y-%m-%d %H:%M")}</td><td><a class="btn btn-sm" href="{PATH}{one.href}?download=1">'
                f'<i class="bi bi-download"></i> Save</a> <a class="btn btn-sm" href="#" data-copy="{one.href}">Copy '
                f"link</a></td></tr>")
    return _made(_page("Stowage", '<nav class="navbar"><a class="navbar-brand" href="/">Stowage</a></nav><div class='
                       '"container"><table class="table table-hover"><thead><tr><th></th><th></th><th>Name</th><th>'
                       'Size</th><th>Changed</th><th>Do</th></tr></thead><tbody>'), row,
                 "</tbody></table></div></body></html>")


def _relative() -> bytes:
    def row(one: Shown) -> str:
        return (f'<li class="e"><span class="sz" data-bytes="{one.size if one.size is not None else ""}">{one.units}'
                f'</span> <time datetime="{one.when("%Y-%m-%dT%H:%M:%SZ")}" title="{one.when("%c")}">7 years ago'
                f'</time> <a href="./{one.href}{one.slash}">{one.text}{one.slash}</a></li>')
    return _made(_page("in", '<h2>in</h2><ul class="entries">'), row, "</ul></body></html>")


def _rtl() -> bytes:
    def row(one: Shown) -> str:
        kind = "مجلد" if one.size is None else "ملف"
        return (f'<tr><td>{one.when("%Y/%m/%d %H:%M")}</td><td dir="ltr">{one.units}</td><td>{kind}</td><td><a href="'
                f'{one.href}{one.slash}">{one.text}{one.slash}</a></td></tr>')
    return _made(_page("محتويات المجلد /media/in/", '<h1>محتويات المجلد <bdi>/media/in/</bdi></h1><p><a href="../">'
                       'المجلد الأعلى</a></p><table><tr><th>التاريخ</th><th>الحجم</th><th>النوع</th><th>الاسم</th>'
                       '</tr>', 'dir="rtl" lang="ar"'), row, "</table></body></html>")


def _cjk() -> bytes:
    def row(one: Shown) -> str:
        size = "-" if one.size is None else f"{one.size:,} 字节"
        return (f'<div class="hang"><div class="ming"><a href="{one.href}{one.slash}">{one.text}</a></div><div class='
                f'"daxiao">{size}</div><div class="shijian">{one.when("%Y-%m-%d %H:%M:%S")}</div></div>')
    return _made(_page("文件列表", '<div class="biao"><div class="tou"><span>名称</span><span>大小</span><span>修改时间'
                       '</span></div><a href="../">返回上级</a>', 'lang="zh"'), row, "</div></body></html>")


def _fallback() -> bytes:
    def row(one: Shown) -> str:
        icon = "folder" if one.size is None else "audio"
        size = "" if one.size is None else f"{one.size // 1024 + (one.size % 1024 > 0)} KB"
        return (f'<tr><td class="fb-i"><img src="/_h/images/fallback/{icon}.png" alt="{icon}"/></td><td class="fb-n"><a'
                f' href="{PATH}{one.href}{one.slash}">{one.text}</a></td><td class="fb-d">'
                f'{one.when("%Y-%m-%d %H:%M")}</td><td class="fb-s">{size}</td></tr>')
    return _made(_page("media/in - powered by elsewhere", '<div id="fallback-hints"><span class="noJsMsg">Works best '
                       'with JavaScript enabled!</span><span class="noBrowserMsg">Works best in modern browsers!</span>'
                       '</div><div id="fallback"><table><tr><th class="fb-i"></th><th class="fb-n"><span>Name</span>'
                       '</th><th class="fb-d"><span>Last modified</span></th><th class="fb-s"><span>Size</span></th>'
                       '</tr><tr><td class="fb-i"><img src="/_h/images/fallback/folder-parent.png" alt="folder-parent"'
                       '/></td><td class="fb-n"><a href="..">Parent Directory</a></td><td class="fb-d"></td>'
                       '<td class="fb-s"></td></tr>'), row, "</table></div></body></html>")


def _script() -> bytes:
    """A small script that lists the folder it lies in."""
    def row(one: Shown) -> str:
        if one.size is None:
            return (f'<div><a class="w" href="{PATH}{one.href}/"><img src="dirLIST_files/icons/folder.gif" border="0" '
                    f'alt="Folder"> {one.text}</a> <em>&lt;folder&gt;</em></div>')
        return (f'<div><a class="w" href="{PATH}{one.href}" target="_blank"><img src="dirLIST_files/icons/unknown.gif"'
                f' border="0" alt="File"> {one.text}</a> <em>{one.size} bytes</em></div>')
    return _made(_page("My uploads", "<center><h3>My uploads</h3></center>"), row, "<hr><small>7 items</small></body>")


def _definitions() -> bytes:
    def row(one: Shown) -> str:
        size = "folder" if one.size is None else f"{one.size} bytes"
        return (f'<dt><a href="{one.href}{one.slash}">{one.text}{one.slash}</a></dt>'
                f'<dd>{size}, {one.when("%d.%m.%Y %H:%M")}</dd>')
    return _made(_page("Ablage", "<h1>Ablage</h1><dl>"), row, "</dl></body></html>")


def _details() -> bytes:
    def row(one: Shown) -> str:
        return (f'<details><summary><a href="{one.href}{one.slash}">{one.text}{one.slash}</a></summary><div>'
                f'{one.when("%Y-%m-%d %H:%M")}</div><div>{one.units}</div></details>')
    return _made(_page("Arkiv", '<p><a href="..">Upp</a></p>'), row, "</body></html>")


def _breaks() -> bytes:
    def row(one: Shown) -> str:
        return f'<a href="{one.href}{one.slash}">{one.text}{one.slash}</a> ({one.units})<br>'
    return _made("", row, "", join="")


def _bare_breaks() -> bytes:
    return _made("<html><body>", lambda one: f'<a href="{one.href}{one.slash}">{one.text}{one.slash}</a><br>',
                 "</body></html>", join="")


def _anchored() -> bytes:
    """The link goes around the whole row."""
    def row(one: Shown) -> str:
        return (f'<a class="row" href="{PATH}{one.href}{one.slash}"><div class="n">{one.text}</div><div class="s">'
                f'{one.units}</div><div class="m">{one.when("%d/%m/%Y %H:%M")}</div></a>')
    return _made(_page("Drop", '<div class="top">Drop <span>5 files, 2 folders</span></div><div class="rows">'), row,
                 "</div></body></html>")


def _american() -> bytes:
    def row(one: Shown) -> str:
        kind = "dir" if one.size is None else "file"
        return (f'<tr class="{kind}"><td>{one.units}</td><td>{one.when("%m/%d/%Y %I:%M %p")}</td><td><a href="'
                f'{one.href}{one.slash}">{one.text}</a></td></tr>')
    return _made(_page("Contents", '<table border=1 cellpadding=3><caption>Contents</caption><tr><td>Size</td><td>'
                       'Modified</td><td>Name</td></tr>'), row, "</table></body></html>")


def _grid() -> bytes:
    def row(one: Shown) -> str:
        icon = "#i-dir" if one.size is None else "#i-doc"
        return (f'<div role="row" class="r" data-size="{one.size or 0}" data-mtime="{one.moment}"><div role="gridcell">'
                f'<svg><use xlink:href="{icon}"></use></svg></div><div role="gridcell"><a href="{one.href}{one.slash}"'
                f' title="{one.text}">{one.text[:10]}…</a></div><div role="gridcell">{one.units}</div><div '
                f'role="gridcell"><abbr title="{one.when("%Y-%m-%d %H:%M:%S")}">3 days ago</abbr></div></div>')
    return _made(_page("/media/in/ · Haven", '<nav aria-label="breadcrumb"><ol><li><a href="/">home</a></li><li><a '
                       'href="/media/">media</a></li><li aria-current="page">in</li></ol></nav><div role="grid">'), row,
                 "</div></body></html>")


def _thrice() -> bytes:
    """Icon, name and menu are links, all to the same file."""
    def row(one: Shown) -> str:
        to = f"{one.href}{one.slash}"
        return (f'<tr><td><a href="{to}"><img src="/i/x.svg"></a></td><td><a href="{to}">{one.text}</a></td><td>'
                f'{one.when("%d-%b-%y %H:%M")}</td><td align=right>{one.size if one.size is not None else "&nbsp;"}'
                f'</td><td><a href="{to}?view=info">[i]</a></td></tr>')
    return _made(_page("Skåp", "<table><tr><th>&nbsp;<th>Namn<th>Ändrad<th>Storlek<th>&nbsp;</tr>"), row,
                 "</table></body></html>")


def _cyrillic() -> bytes:
    def row(one: Shown) -> str:
        return (f'<li><a href="{one.href}{one.slash}">{one.text}{one.slash}</a> <i>{one.when("%d.%m.%Y")}</i> <b>'
                f'{one.units}</b></li>')
    return _made(_page("Содержимое папки /media/in/", "<h1>Содержимое папки /media/in/</h1><ul>", 'lang="ru"'), row,
                 "</ul></body></html>")


def _japanese() -> bytes:
    def row(one: Shown) -> str:
        return (f'<tr><td><a href="{one.href}{one.slash}">{one.text}</a></td><td>'
                f'{one.when("%Y年%m月%d日 %H:%M")}</td><td>{one.size if one.size is not None else "-"}</td></tr>')
    return _made(_page("保管庫", '<table><tr><th>ファイル名</th><th>更新日時</th><th>サイズ</th></tr>', 'lang="ja"'),
                 row, "</table></body></html>")


def _hebrew() -> bytes:
    def row(one: Shown) -> str:
        return (f'<p><span class="g">{one.units}</span> · <a href="{one.href}{one.slash}">{one.text}{one.slash}</a>'
                "</p>")
    return _made(_page("ארון", '<h2>ארון</h2>', 'dir="rtl" lang="he"'), row, "</body></html>")


def _told() -> bytes:
    """Rows that tell in words, in one text."""
    def row(one: Shown) -> str:
        size = "folder" if one.size is None else f"file, {one.size} bytes"
        return (f'<li><a href="{PATH}{one.name.replace("&", "&amp;")}{one.slash}">{one.text}</a>, {size}, last changed '
                f'on {one.when("%Y-%m-%d %H:%M:%S")} +0000 UTC</li>')
    return _made(_page(PATH, f"<h1>{PATH}</h1><ul>"), row, "</ul></body></html>", join="")


def _asctime() -> bytes:
    def row(one: Shown) -> str:
        return (f'<tr><td><a href="{one.href}{one.slash}">{one.text}</a></td><td>{one.when("%a %b %e %H:%M:%S %Y")}'
                f'</td><td>{one.units}</td></tr>')
    return _made(_page("Hyllan", "<table><tr><th>Namn</th><th>När</th><th>Hur stor</th></tr>"), row, "</table></body>")


INVENTIONS = {
    "cards": Invention(_cards()),
    "a table with boxes, icons and two buttons": Invention(_buttons()),
    "a list with ages, exact in attributes": Invention(_relative(), exact=True),
    "Arabic, from right to left": Invention(_rtl()),
    "Chinese, in boxes": Invention(_cjk(), exact=True),
    "the table of a script page for browsers without scripts": Invention(_fallback()),
    "a script that lists its own folder": Invention(_script(), exact=True, dates=False),
    "definitions": Invention(_definitions(), exact=True),
    "details that unfold": Invention(_details()),
    "links parted by breaks, with sizes": Invention(_breaks(), dates=False),
    "links parted by breaks alone": Invention(_bare_breaks(), sizes=False, dates=False),
    "links around whole rows": Invention(_anchored()),
    "sizes and American dates before the names": Invention(_american()),
    "a grid with cut names and ages": Invention(_grid()),
    "three links in each row": Invention(_thrice(), exact=True),
    "Russian": Invention(_cyrillic()),
    "Japanese": Invention(_japanese(), exact=True),
    "years after the time": Invention(_asctime()),
    "rows that tell in words": Invention(_told(), exact=True),
    "Hebrew, in paragraphs": Invention(_hebrew(), dates=False),
}
