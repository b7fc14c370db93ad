"""A harmless neighbour: an ordinary web site of a fictional region. No listing anywhere, unknown pages are 404."""

from __future__ import annotations

from scanner.demo.mirror import error
from scanner.demo.reply import Reply

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title} - Region Example</title><link rel="stylesheet" href="/style.css"></head>
<body>
<nav><a href="/">Home</a> <a href="/about/">About us</a> <a href="/contact/">Contact</a>
<a href="https://www.example.org/">Partners</a></nav>
<main><h1>{title}</h1>
{text}
</main>
<footer><p>Region Example, since 1971.</p></footer>
</body>
</html>
"""
_TEXTS = {
    "/": ("Welcome", """<p>Health care, buses and culture for those who live here.</p>
<h2>News</h2>
<ul><li>New opening hours at the <a href="/about/">regional archive</a></li>
<li>The line for questions about bus passes is open <a href="/contact/">on Saturdays</a></li></ul>"""),
    "/about/": ("About us", "<p>The region answers for health care, public transport and growth.</p>"),
    "/contact/": ("Contact", "<p>Write to <a href=\"mailto:info@example.org\">info@example.org</a>.</p>"),
}
_ROBOTS = b"User-agent: *\nDisallow: /search/\nSitemap: http://www.example.org/sitemap.xml\n"


class Website:
    """Three pages and a robots.txt."""

    product = "nginx/1.14.2"

    def page(self, path: str, _elapsed: float, /) -> Reply:
        """One of the pages, or 404."""
        if path == "/robots.txt":
            return Reply(200, (_ROBOTS,), "text/plain")
        if path not in _TEXTS:
            return self.error(404)
        title, text = _TEXTS[path]
        return Reply(200, (_PAGE.format(title=title, text=text).encode(),), "text/html; charset=utf-8")

    def error(self, status: int) -> Reply:
        """nginx's page for `status`."""
        return error(status, self.product)

    def options(self) -> Reply:
        """nginx has no OPTIONS for files."""
        return self.error(405)
