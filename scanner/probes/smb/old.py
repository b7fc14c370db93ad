"""Whether a server speaks SMB 1 only: one question in SMB 1, which is all that is ever said in it. Pure.

MS-CIFS §2.2.4.52, with the two dialects by which a server of SMB 2 shows itself (MS-SMB2 §3.2.4.2.2.1).
"""

from __future__ import annotations

import struct

NEGOTIATE = 0x72                          # SMB_COM_NEGOTIATE, the only command of SMB 1
_DIALECTS = (b"NT LM 0.12", b"SMB 2.002", b"SMB 2.???")
_NONE = 0xFFFF
_HEADER = struct.Struct("<4sBIBHH8sHHHHH")


def question() -> bytes:
    """SMB_COM_NEGOTIATE."""
    names = b"".join(b"\x02" + name + b"\0" for name in _DIALECTS)
    header = _HEADER.pack(b"\xffSMB", NEGOTIATE, 0, 0x18, 0xC801, 0, b"", 0, 0xFFFF, 0, 0, 0)
    return header + struct.pack("<BH", 0, len(names)) + names


def speaks_smb1(data: bytes) -> bool:
    """Whether the answer agrees on SMB 1."""
    if len(data) < _HEADER.size + 3 or not data.startswith(b"\xffSMB") or data[4] != NEGOTIATE:
        return False
    words, chosen = struct.unpack_from("<BH", data, _HEADER.size)
    return bool(words) and chosen != _NONE
