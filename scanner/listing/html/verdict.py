"""Is a page a listing? Judged by structure: links that are direct children of the path asked for, shown by their
names, in rows of one shape, with sizes and dates beside them, and outweighing everything else on the page. Titles are
heard, never believed alone: many products have none, and articles about listings have the right one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from scanner.listing.hrefs import Where, entities
from scanner.listing.html import reasons
from scanner.listing.html.columns import SAMPLE, Cells, learn
from scanner.listing.html.markup import HEADINGS
from scanner.listing.html.reasons import Reason
from scanner.listing.html.rows import Block, Row
from scanner.listing.layout import Layout

_WORDS = re.compile(
    r"\b(?:index of|index von|directory listing|listing directory|listing of|directory of|directory:|files within"
    r"|files in|contents of|content of|file listing|folder listing|innehåll i|index över|indeks over|indholdet af"
    r"|verzeichnis|inhalt von|hakemisto|répertoire|contenu de|index de|índice de|contenido de|indice di|contenuto di"
    r"|índice do|inhoud van|obsah|spis treści|zawartość|индекс|содержимое|目录|索引|ディレクトリ)", re.IGNORECASE)
_OTHER = re.compile(_WORDS.pattern + r"[\s:\[\"']{0,4}/", re.IGNORECASE)
_HEADERS = re.compile(r"\b(?:name|size|modified|date|type|namn|storlek|größe|taille|fecha|nombre)\b", re.IGNORECASE)
_UP = re.compile(rb"\.\.|parent|\bup\b|\bback\.gif|\xe2\x86[\x90\x91\xa9\xb0]|\xc3\xb6verordn|nadrz|sup\xc3\xa9rieur",
                 re.IGNORECASE)
_EXTENSION = re.compile(rb".\.[A-Za-z0-9]{1,8}$")
_QUIET = HEADINGS | {b"th", b"thead", b"address", b"footer", b"label", b"button", b"option", b"select", b"h5", b"h6"}
_LETTERS = re.compile(rb"[A-Za-z\x80-\xff]")
_AROUND = frozenset({b"pre", b"body", b"html", b"main", b"section", b"center", b"code", b"tt", b"font", b"blockquote"})
_FLOW = frozenset({b"line", b"br", b"hr", b"p", b"nest", b""})

FEW, LITTLE = 2, 160                         # links that lead elsewhere, and letters, around an empty listing
NO_LAYOUT = Layout()

Shape = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Frame:
    """What the page says around its rows."""

    title: str
    words: bool                              # a title or heading speaks of a listing
    path: bool                               # one ends with the path asked for
    exact: bool                              # one says both, and nothing else
    parent: bool                             # a link to the directory above
    sorts: tuple[str, ...]                   # queries of links to the page itself
    headers: bool                            # column headers
    other: bool = False                      # a title or heading speaks of the listing of some path


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict with all it stands on."""

    listing: bool
    why: str
    frame: Frame
    rows: Sequence[Row] = ()
    cells: Sequence[Cells] = ()
    layout: Layout = NO_LAYOUT
    shapes: frozenset[Shape] = frozenset()
    near: bool = False                       # it looked like a listing and was rejected
    quiet: bool = False                      # few links lead elsewhere


def shape(row: Row) -> Shape:
    """The shape that decides whether a link is a row: what parts the rows, and what the link stands in."""
    return (b"flow", b"" if row.parent in _AROUND else row.parent) if row.kind in _FLOW else (row.kind, row.parent)


def judge(block: Block, links: Sequence[Row], path: str) -> Judgement:
    """Judge a page, or the beginning of one."""
    frame = _frame(block, links, path)
    children = [row for row in links if row.link.where is Where.CHILD and not row.heading]
    shapes = _shapes(children)
    rows = [row for row in children if shape(row) in shapes]
    cells = [block.cells(row) for row in rows]
    layout = learn(block, rows, cells) if rows else Layout()
    paths = {(row.link.path or "").rstrip("/") for row in rows}
    others = {row.link.path or str(row.start) for row in links if not row.heading and stranger(row, shapes, paths)}
    letters = prose(block, [(row.start, row.end) for row in rows])
    reason = _empty(frame, others, letters) if not rows else _full(frame, rows, layout, others, letters)
    quiet = len(others) <= FEW
    if reason is None:
        return Judgement(True, f"{len(rows)} rows of direct children", frame, rows, cells, layout, shapes, quiet=quiet)
    if not reason.near:
        reason = reasons.away(block, links) or reason
    return Judgement(False, reason.why, frame, rows, cells, layout, shapes, reason.near, quiet)


def stranger(row: Row, shapes: frozenset[Shape], paths: set[str]) -> bool:
    """Whether a link is neither a row nor part of the frame of a listing."""
    link = row.link
    if link.where is Where.CHILD:
        return shape(row) not in shapes and (link.path or "").rstrip("/") not in paths
    return link.where is Where.ELSEWHERE and (link.path is None or link.path.rstrip("/") not in paths)


def _shapes(children: Sequence[Row]) -> frozenset[Shape]:
    """The shapes in which links are shown by their names."""
    named = Counter(shape(row) for row in children if row.link.named)
    total = Counter(shape(row) for row in children)
    most = max(named.values(), default=0)
    return frozenset(one for one, count in named.items() if count * 2 >= total[one] and count * 10 >= most)


def _full(frame: Frame, rows: Sequence[Row], layout: Layout, others: set[str], letters: int) -> Reason | None:
    """Why a page with rows is no listing; None where it is one."""
    count = len(rows)
    named = sum(row.link.named for row in rows)
    shown = (layout.date is not None) + (layout.size is not None)
    spelled = sum(map(_spelled, rows))
    around = 2 * frame.words + frame.path + frame.parent + (len(frame.sorts) > 1)
    evidence = around + shown + frame.headers
    near = count >= reasons.ENOUGH and (spelled >= reasons.ENOUGH or frame.words)
    if named * 5 < count * 3:
        return reasons.unnamed(count, named, near=near and shown > 0)
    if len(others) > 3 * count + 5:
        return reasons.elsewhere(count, len(others), near=near and shown > 0)
    if letters > 400 + 40 * count and not (frame.words and frame.path and (count > 2 or shown)):
        return reasons.prose(count, letters, near=near and letters <= 400 + 600 * count)
    if (frame.words and frame.path) or (letters <= 20 + 2 * count and spelled and _fills(rows, layout, others)):
        return None
    if not shown and not frame.words and not spelled:
        return reasons.MENU
    if around >= 3 or (around and evidence >= 3) or (count > 2 and around + (not others) and evidence > 1):
        return None
    return reasons.too_little(count, near=near and (shown > 0 or frame.words))


def _fills(rows: Sequence[Row], layout: Layout, others: set[str]) -> bool:
    """Whether a page is nothing but its rows: one or two other links stand beside many files with sizes and folders."""
    if not others:
        return True
    files = min(sum(not row.link.slash for row in rows), 2 * SAMPLE)
    sized = layout.size is not None and layout.files * 4 >= 3 * files
    marked = any(row.link.spelled for row in rows)
    return sized and marked and len(others) <= FEW and len(others) * 8 <= len(rows) and all(map(_spelled, rows))


def _spelled(row: Row) -> bool:
    """Whether a row looks like a file or says that it is a directory: a menu entry seldom does."""
    return row.link.named and (row.link.spelled or bool(_EXTENSION.search(row.link.name)))


def _empty(frame: Frame, others: set[str], letters: int) -> Reason | None:
    """Why a page without rows is not the listing of an empty directory; None where it is."""
    if len(others) <= FEW and letters <= LITTLE and frame.exact:
        return None
    if len(others) <= FEW and letters <= 400 and frame.path and frame.parent and len(frame.sorts) > 1:
        return None
    if len(others) <= FEW and letters <= LITTLE and frame.path and frame.headers and (frame.parent or frame.sorts):
        return None                          # the head of a table with nothing below it
    return reasons.HOLLOW if frame.words and (frame.path or frame.other) else reasons.NO_FRAME


def _frame(block: Block, links: Sequence[Row], path: str) -> Frame:
    title, *headings = _titles(block)
    heads = [text for text in (title, *headings) if text]
    sorts = tuple(dict.fromkeys(
        query for row in links if row.link.where is Where.SELF and "=" in (query := _query(block, row))))
    parent = any(_is_parent(block, row) for row in links)
    headers = {found.lower() for found in _HEADERS.findall(_header(block))}
    said = [(_says(text, path)) for text in heads]
    return Frame(title, any(words for words, _, _ in said), any(own for _, own, _ in said),
                 any(exact for _, _, exact in said), parent, sorts, len(headers) > 1, any(map(_OTHER.search, heads)))


def _titles(block: Block) -> list[str]:
    """The title (or nothing), then each heading, as text."""
    found: list[str] = [""]
    opened: list[bytes] | None = None
    name = b""
    for i, tag in enumerate(block.tags):
        if tag.name in HEADINGS:
            opened, name = [], tag.name
        if opened is not None and tag.name == b"/" + name:
            text = " ".join(entities(b" ".join(opened)).decode("utf-8", "replace").split())[:300]
            if name != b"title":
                found.append(text)
            elif not found[0]:
                found[0] = text
            opened = None
        elif opened is not None and len(opened) < 64:
            opened.append(block.text(i)[:512])
    return found[:24]


def _says(text: str, path: str) -> tuple[bool, bool, bool]:
    """Whether a heading speaks of a listing, whether it ends with the path, and whether it says nothing else."""
    words = _WORDS.search(text)
    squeezed = "".join(text.split()).rstrip("]")
    own = unquote_to_bytes(path).decode("utf-8", "replace")
    forms = {"".join(form.split()) for form in (own, own.rstrip("/"), own.strip("/") + "/") if form.strip("/")}
    last = own.strip("/").rpartition("/")[2]
    forms |= {"".join(last.split()) + "/"} if last else set()
    if own.strip("/"):
        matched = max((form for form in forms if squeezed.endswith(form)), key=len, default="")
    else:
        matched = "/" if re.search(r"(?:^|[\s\[~.:])[./]*/\]?$", text) or re.search(r"\bof\s\S+/$", text) else ""
    before = text[:words.start()] if words else text
    rest = squeezed[:len(squeezed) - len(matched)]
    said = "".join((before + (words[0] if words else "")).split())
    exact = bool(words and matched) and len(before) <= 16 and len(rest) - len(said) <= 12
    return words is not None, bool(matched), exact


def _query(block: Block, row: Row) -> str:
    raw = entities(block.data[slice(*row.value)])
    return raw[raw.find(b"?"):].decode("utf-8", "replace")[:80] if b"?" in raw else ""


def _is_parent(block: Block, row: Row) -> bool:
    """Whether a link leads one level up and says so; a menu's way home does not."""
    if block.data[slice(*row.value)].strip() in (b"..", b"../", b"./..", b"./../"):
        return True
    if row.link.where is not Where.PARENT:
        return False
    end = block.tags[row.close].start if row.close < len(block.tags) else len(block.data)
    return bool(_UP.search(block.data[block.tags[row.anchor].start:min(end, row.value[1] + 600)]))


def _header(block: Block) -> str:
    texts = (block.text(i)[:200] for i, tag in enumerate(block.tags)
             if tag.name in (b"th", b"pre") or (tag.name == b"a" and _in(block, i, b"th")))
    return " ".join(text.decode("utf-8", "replace") for text, _ in zip(texts, range(40), strict=False))


def _in(block: Block, tag: int, name: bytes) -> bool:
    return any(block.tags[i].name == name for i in range(max(0, tag - 2), tag))


def prose(block: Block, spans: Sequence[tuple[int, int]]) -> int:
    """Letters on the page that stand neither in these pieces of it nor in headings, headers and footers."""
    return sum(len(_LETTERS.findall(text)) for text in _outside(block, spans))


def _outside(block: Block, spans: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    quiet = at = 0
    for i, tag in enumerate(block.tags):
        if tag.name in _QUIET:
            quiet += 1
        elif tag.name[1:] in _QUIET and quiet:
            quiet -= 1
        while at < len(spans) and spans[at][1] <= tag.end:
            at += 1
        if not quiet and not (at < len(spans) and spans[at][0] <= tag.end):
            yield block.text(i)
