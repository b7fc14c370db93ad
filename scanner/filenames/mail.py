"""Mail addresses in a file name, told from call ids, package names and pictures of two sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LETTER = "A-Za-z0-9\u00c0-\u024f"
_MAIL = re.compile(
    rf"[{_LETTER}._%+-]{{1,64}}@(?:[{_LETTER}-]{{1,63}}\.){{1,6}}[A-Za-z][A-Za-z0-9-]{{1,62}}(?![A-Za-z0-9])")
_LABEL = rf"[{_LETTER}](?:[{_LETTER}-]{{0,61}}[{_LETTER}])?"
_HOST = re.compile(rf"(?:{_LABEL}\.){{1,5}}(?:xn--[A-Za-z0-9-]{{1,59}}|[A-Za-z]{{2,24}})(?![A-Za-z0-9])")
_NUMERIC = re.compile(r"v?[0-9]+\.[0-9]+(?:[.-]|$)")     # an address or a version
_KNOWN = """
eml emlx msg mbox mbx pst ost oft nsf nst dbx vcf ics ical zip gz bz2 xz zst tgz tar rar 7z bak old tmp json jsonl xml
csv tsv txt log md html htm pdf doc docx xls xlsx ppt pptx odt ods rtf wav mp3 ogg oga opus m4a amr flac wma gsm mp4 mkv
avi mov png jpg jpeg gif webp svg bmp tif tiff ico avif heic js mjs cjs ts tsx jsx css scss less map vue lock patch diff
whl crate deb rpm apk jar war nupkg gem conf cfg ini yaml yml toml sql db sqlite key pem crt cer pub asc gpg enc service
socket timer target mount automount slice scope path swap device wants requires d part crdownload
"""
_ENDINGS = frozenset(_KNOWN.split())


def spans(name: str) -> Iterator[tuple[int, int]]:
    """Where an address stands. What is known as a file's ending is none of it: `a@example.org.eml`."""
    for match in _MAIL.finditer(name):
        text = match.group().rstrip("-")
        while text.rpartition(".")[2].lower() in _ENDINGS:
            text = text.rpartition(".")[0]
        local, _, host = text.partition("@")
        found = None if _NUMERIC.match(host) else _HOST.match(host)
        if found and local.strip("._%+-"):
            yield match.start(), match.start() + len(local) + 1 + found.end()
