"""HTTP servers that lead elsewhere: redirects of every kind, and what makes browsers move. Nothing follows them."""

from __future__ import annotations

from tests.hostile.behaviour import Behaviour, Host
from tests.hostile.serving import Talk, at, below, folder, hosting, ok, says
from tests.scan.scans import Done

AWAY = frozenset({"found", "out-of-scope"})
NOWHERE = frozenset({"found", "protocol"})
LEFT = frozenset({"found", "not-tried"})
LOOP = frozenset({"found", "loop"})
OUTSIDE = "192.0.2.66"
LOCATIONS = {
    "to the metadata of a cloud": ("http://169.254.169.254/latest/meta-data/", AWAY),
    "to another host": (f"http://{OUTSIDE}/", AWAY),
    "to another host, without a scheme": (f"//{OUTSIDE}/", AWAY),
    "to this machine": ("http://localhost/", AWAY),
    "to this machine, as a number": ("http://2130706433/", AWAY),
    "to a scheme and no slashes": ("http:evil", LEFT),
    "to a script": ("javascript:alert(1)", NOWHERE),
    "to FTP": (f"ftp://{OUTSIDE}/", AWAY),
    "to a file of ours": ("file:///etc/passwd", NOWHERE),
    "with backslashes": (f"\\\\{OUTSIDE}\\share\\", LEFT),
    "to half an IPv6 address": ("http://[::1", NOWHERE),
    "to a port that is none": ("http://example.org:99999999/", AWAY),
    "with a login": (f"http://user:secret@{OUTSIDE}/", AWAY),
    "with our name as a login": (f"http://127.0.0.1@{OUTSIDE}/", AWAY),
    "of 70 KB": ("http://example.org/" + "a" * 70_000, frozenset({"found", "cut"})),
    "to a name of 3,000 foreign letters": ("http://" + "\u00e5" * 1500 + ".example.org/", AWAY),
    "with a line end in it": ("/x%0d%0aSet-Cookie:%20a=b/", frozenset({"found", "not-a-listing"})),
    "with a tab in its scheme": (f"ht\ttp://{OUTSIDE}/", AWAY),
    "to nothing": ("", LEFT),
    "to a file": ("/harm/call.wav", LEFT),
}


def alone(done: Done, host: Host) -> str | None:
    """Only directories were asked for, and nobody was told of cookies or logins."""
    for request in host.seen:
        head = request.lower()
        for unwanted in (b"\r\ncookie:", b"\r\nauthorization:", b"\r\nreferer:"):
            if unwanted in head:
                return f"sent {unwanted!r}"
    return None


def moved(location: str) -> bytes:
    """A redirect."""
    return ok(b"<p>moved</p>", f"Location: {location}", status="301 Moved")


async def ring(talk: Talk) -> None:
    """Three folders that redirect one to the next."""
    following = {"/harm/": "/harm/a/", "/harm/a/": "/harm/b/", "/harm/b/": "/harm/"}
    if talk.path in following:
        await talk.say(moved(following[talk.path]))
    else:
        await below(b"")(talk)


async def hops(talk: Talk) -> None:
    """A redirect to the next, a thousand times."""
    if talk.path.startswith("/harm/") and talk.path.count("/") < 1000:
        await talk.say(moved(f"{talk.path}x/"))
    else:
        await below(b"")(talk)


REDIRECTS = [
    *(Behaviour("H-17", f"redirects {name}", ends, hosting(below(says(moved(location)))), ("3 files",), alone)
      for name, (location, ends) in LOCATIONS.items()),
    Behaviour("H-17", "redirects to itself", LEFT, hosting(below(moved("/harm/"))), ("3 files",), alone),
    Behaviour("H-17", "redirects in a ring", LOOP, hosting(ring), ("3 files",), alone),
    Behaviour("H-17", "redirects a thousand times", LOOP, hosting(hops), ("3 files",), alone),
    Behaviour("H-17", "redirects every path to another host", frozenset({"out-of-scope"}),
              hosting(says(moved(f"http://{OUTSIDE}/"))), (), alone),
    Behaviour("H-17", "redirects every path to https", frozenset({"out-of-scope"}),
              hosting(says(moved("https://example.org/"))), (), alone),
]
MOVES = [
    ("1,000 cookies", [f"Set-Cookie: a{i}=b; Path=/" for i in range(700)], b""),
    ("HSTS", ["Strict-Transport-Security: max-age=31536000; includeSubDomains; preload"], b""),
    ("another place (Alt-Svc)", [f'Alt-Svc: h3="{OUTSIDE}:443"; ma=2592000, h2="{OUTSIDE}:443"'], b""),
    ("a refresh", [f"Refresh: 0; url=http://{OUTSIDE}/"], b""),
    ("links to preload", [f"Link: <http://{OUTSIDE}/a.css>; rel=preload, </b.js>; rel=preload"], b""),
    ("a refresh in the page", [], f'<meta http-equiv="refresh" content="0;url=http://{OUTSIDE}/">'.encode()),
    ("a script that moves on", [], f'<script>location="http://{OUTSIDE}/"</script>'.encode()),
    ("a base elsewhere", [], f'<base href="http://{OUTSIDE}/">'.encode()),
    ("a frame elsewhere", [], f'<iframe src="http://{OUTSIDE}/"></iframe>'.encode()),
]
BEHAVIOURS = [
    *REDIRECTS,
    *(Behaviour("H-24", f"a listing with {name}", frozenset({"found"}),
                hosting(at({"/": ok(folder(30).replace(b"</head>", markup + b"</head>"), *headers)})),
                ("30 files",), alone)
      for name, headers, markup in MOVES),
]
