"""A headless Chromium that tells what a page does: scripts, requests, dialogs, what its policy refused, its elements.

The protocol is that of its developer tools, over a pipe: JSON, each message ended by a zero byte.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OURS = "\n//# sourceURL=asked-by-the-test"
_DOMAINS = ("Page", "Runtime", "Debugger", "Network", "Log")
_HIGH = 60                                   # descriptors that a shell can move to where Chromium wants them


@dataclass
class Tab:
    """One tab. What happened is kept by the name of the event."""

    sends: int
    hears: int
    session: str = ""
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    _last: int = 0
    _left: bytes = b""

    def ask(self, method: str, **words: Any) -> dict[str, Any]:
        """Send a command; its result."""
        self._last += 1
        number = self._last
        said = {"id": number, "method": method, "params": words} | ({"sessionId": self.session} if self.session else {})
        os.write(self.sends, json.dumps(said).encode() + b"\0")
        while (heard := self._hear()).get("id") != number:
            self._note(heard)
        assert "error" not in heard, heard
        result: dict[str, Any] = heard["result"]
        return result

    def open(self, url: str) -> None:
        """Load a page to its end, and let it go on for a moment."""
        self.seen.clear()
        self.ask("Page.navigate", url=url)
        while not any(name == "Page.loadEventFired" for name, _ in self.seen):
            self._note(self._hear())
        self.run("new Promise(done => setTimeout(done, 300))")

    def run(self, text: str) -> Any:
        """The value of an expression in the page."""
        return self.ask("Runtime.evaluate", expression=text + OURS, awaitPromise=True,
                        returnByValue=True)["result"].get("value")

    @property
    def dom(self) -> str:
        """The document as it stands now."""
        return str(self.run("document.documentElement.outerHTML"))

    def all(self, name: str) -> list[dict[str, Any]]:
        """What an event told, each time that it happened."""
        return [told for other, told in self.seen if other == name]

    @property
    def scripts(self) -> int:
        """How many pieces of script were compiled, handlers and evaluated text too, but for the test's own."""
        return sum("asked-by-the-test" not in told["url"] for told in self.all("Debugger.scriptParsed"))

    @property
    def requests(self) -> list[str]:
        """Every address that was asked for."""
        return [told["request"]["url"] for told in self.all("Network.requestWillBeSent")]

    def _note(self, heard: dict[str, Any]) -> None:
        self.seen.append((heard.get("method", ""), heard.get("params", {})))
        if heard.get("method") == "Page.javascriptDialogOpening":     # a dialog holds the page up until it is answered
            self._last += 1
            close = {"id": self._last, "method": "Page.handleJavaScriptDialog", "params": {"accept": False},
                     "sessionId": self.session}
            os.write(self.sends, json.dumps(close).encode() + b"\0")

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._left:
            piece = os.read(self.hears, 1 << 16)
            assert piece, "the browser has gone"
            self._left += piece
        text, _, self._left = self._left.partition(b"\0")
        heard: dict[str, Any] = json.loads(text)
        return heard


@contextmanager
def tab(command: list[str], profile: Path) -> Iterator[Tab]:
    """A browser with one tab, ended with the test."""
    (there, sends), (hears, back) = os.pipe(), os.pipe()
    reads, writes = (fcntl.fcntl(one, fcntl.F_DUPFD, _HIGH) for one in (there, back))
    moved = ["/bin/bash", "-c", f'exec "$@" 3<&{reads} 4>&{writes}', "bash", *command]
    running = subprocess.Popen([*moved, "--remote-debugging-pipe", f"--user-data-dir={profile}"],
                               pass_fds=(reads, writes), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    for one in (there, back, reads, writes):
        os.close(one)
    try:
        made = Tab(sends, hears)
        target = made.ask("Target.createTarget", url="about:blank")["targetId"]
        made.session = made.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in _DOMAINS:
            made.ask(f"{domain}.enable")
        yield made
    finally:
        running.kill()
        running.wait()
        os.close(sends)
        os.close(hears)
