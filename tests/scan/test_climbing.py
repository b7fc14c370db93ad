"""What some servers take for a way up is asked for on nobody's word: no link's, no redirect's, no robots.txt's."""

from __future__ import annotations

from tests.scan.scans import scan
from tests.scan.sites import Page, Redirect, Status, calls

UP = ("/a/..;/b/", "/a/..;x=1/b/", "/%5c..%5c/", "/a/..%2fb/", "/a/%2e%2e;/b/")
ROBOTS = Status(200, body="".join(f"Disallow: {path}\n" for path in UP).encode(), kind="text/plain")


async def test_a_way_up_is_not_asked_for_whoever_names_it(serve) -> None:
    site = await serve({"calls": calls(3), "robots.txt": ROBOTS, "to": Redirect("/calls/..;/x/"),
                        "start": Page([*UP, "/calls/", "/to/"])})
    page = await serve(Page([*UP, "/fine/"]))
    await scan(f"http://{site.address}:8080/start/", f"{page.address}:8080")
    asked = [one.path for one in (*site.asked, *page.asked)]
    assert ("/fine/" in asked, "/calls/" in asked, "/to/" in asked) == (True, True, True)
    assert [] == [path for path in asked if ".." in path.lower().replace("%2e", ".")]
