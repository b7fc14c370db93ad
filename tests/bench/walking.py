"""The yardstick of a walk through listings: `python -m tests.bench.walking PORT AT_ONCE`. Prints one line of JSON.

It asks for each folder once, a connection each, and does nothing to a page but match rows and add sizes up. It keeps no
state, counts no names, checks nothing.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import sys
import time

from tests.bench.nginx import ADDRESS

_ROW = re.compile(rb'<a href="([^"]+)">[^<]*</a>\s+(?:\d\d-\w{3}-\d{4} \d\d:\d\d)\s+(\d+|-)')


class Walk:
    """One walk, breadth first. `files`, `folders` (the root not counted) and `bytes` are what it saw."""

    def __init__(self, port: int) -> None:
        self.files = self.folders = self.bytes = 0
        self._port = port
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue()

    async def run(self, at_once: int) -> None:
        """Walk to the end, `at_once` connections at a time."""
        self._waiting.put_nowait(b"/")
        workers = [asyncio.create_task(self._work()) for _ in range(at_once)]
        await self._waiting.join()
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            path = await self._waiting.get()
            self._take(path, await self._page(path))
            self._waiting.task_done()

    async def _page(self, path: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(ADDRESS, self._port)
        writer.write(b"GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n" % (path, ADDRESS.encode()))
        page = await reader.read(-1)
        writer.close()
        return page

    def _take(self, path: bytes, page: bytes) -> None:
        for href, size in _ROW.findall(page):
            if href.endswith(b"/"):
                self.folders += 1
                self._waiting.put_nowait(path + href)
            else:
                self.files += 1
                self.bytes += int(size)


def main(port: int, at_once: int) -> None:
    """Walk, and say what was seen and what it cost."""
    walk, begun = Walk(port), time.perf_counter()
    asyncio.run(walk.run(at_once))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"folders": walk.folders, "files": walk.files, "bytes": walk.bytes,
                      "seconds": time.perf_counter() - begun, "cpu": used.ru_utime + used.ru_stime,
                      "peak": used.ru_maxrss / 1024}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
