"""What the names of files that people keep end in. It knows endings, not what lies in files."""

from __future__ import annotations

_FILES = frozenset(
    b"wav mp3 ogg flac gsm amr m4a aac opus wma au aif aiff mp4 mkv avi mov webm mpg mpeg 3gp jpg jpeg png gif bmp tif "
    b"tiff webp svg ico pdf doc docx xls xlsx ppt pptx odt ods odp rtf txt csv tsv log json xml yml yaml html htm css "
    b"js ts php py rb pl sh bat exe dll msi deb rpm apk jar war iso img bin hex dat db sqlite sql mdb bak old tmp tar "
    b"gz tgz bz2 xz zst 7z rar zip conf cfg ini key pem crt cer csr p12 pfx eml msg pst vcf ics md rst c h cpp java go "
    b"rs vox pcap cap".split())


def is_file(name: bytes) -> bool:
    """Whether a name ends as files that people keep do, and hosts or sentences do not."""
    return name.rpartition(b".")[2].lower() in _FILES
