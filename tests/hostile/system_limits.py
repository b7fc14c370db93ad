"""A machine that has not enough: files, room on the disk, permission to write, memory."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator

from scanner.state import State
from tests.cli.listing import Listing
from tests.cli.program import FAST
from tests.cli.test_cli_places import DEEP, DISK
from tests.hostile.system_course import ALL_FOUND, NOTHING_SENT, OLD, OLD_KEPT, ONE_LINE, TREE, Course, course

MANY = {"/": [f"recording {number:05}.wav" for number in range(20_000)]}
_FULL = (f"mount -t tmpfs -o size={DISK} none small && printf '{OLD}' >small/r.json && "
         f"head -c {DISK - 260_000} /dev/zero >small/ballast && {{ \"$@\"; echo \"first exit $?\"; "
         "cp small/r.json first.json; rm small/ballast; \"$@\"; code=$?; cp small/r.json r.json; exit $code; }")
_READ_ONLY = 'mount --bind shut shut && mount -o remount,ro,bind shut && exec "$@"'


def limited(name: str, most: int) -> tuple[str, ...]:
    """The program under a limit of setrlimit(2)."""
    return (sys.executable, "-c", f"import os, resource, sys; resource.setrlimit(resource.{name}, ({most}, {most}));"
                                  "os.execv(sys.argv[1], sys.argv[1:])")


def in_a_namespace(script: str) -> tuple[str, ...]:
    """The program (`"$@"`) within a script that mounts what nobody else sees."""
    return ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh")


@course("X-01", "64 files may be open at once, 300 ports are to be tried", "exit 0", ALL_FOUND, "300 ports closed")
def few_files(one: Course) -> Iterator[str]:
    with Listing(TREE, host="127.7.1.9") as alone:
        ended = one.place.run("scan", alone.host, "--ports", f"{alone.port},40000-40299", *FAST, "-o", "r.json",
                              prefix=limited("RLIMIT_NOFILE", 64))
    yield from one.told(ended)
    coverage = json.loads((one.place.folder / "r.json").read_text())["coverage"]
    unsure = {reason: count for reason, count in coverage["gaps"].items() if reason != "not-tried"}
    yield f"{coverage['ports_tried'] - coverage['ports_open']} ports closed" if not unsure else str(unsure)


@course("X-02", "the disk is full in the middle of a scan, later there is room", "first exit 3", "disk is full",
        OLD_KEPT, "exit 0", ALL_FOUND)
def full_disk(one: Course) -> Iterator[str]:
    (one.place.folder / "small").mkdir()
    one.store.tree = DEEP
    ended = one.place.run("scan", one.store.door, *FAST, "--state", "small/s.sqlite", "-o", "small/r.json",
                          prefix=in_a_namespace(_FULL))
    yield from re.findall(r"^first exit \d+$", ended.out, re.MULTILINE)
    yield from set(re.findall(r"disk is full", ended.err))
    first = (one.place.folder / "first.json").read_text()
    yield OLD_KEPT if first == OLD or json.loads(first)["scan"]["complete"] is False else first
    yield from one.told(ended)


@course("X-07", "the state lies on a medium that takes no writing", "exit 2", ONE_LINE, NOTHING_SENT)
def read_only(one: Course) -> Iterator[str]:
    (one.place.folder / "shut").mkdir()
    State(one.place.folder / "shut" / "s.sqlite").close()
    ended = one.scan("--state", "shut/s.sqlite", prefix=in_a_namespace(_READ_ONLY))
    yield from one.refused(ended, "Read-only file system")


@course("X-08", "1 GiB of address space, a listing of 20,000 files", "exit 0", ALL_FOUND)
def little_memory(one: Course) -> Iterator[str]:
    one.store.tree = MANY
    yield from one.told(one.scan(prefix=limited("RLIMIT_AS", 1 << 30)))


BEHAVIOURS = [few_files, full_disk, read_only, little_memory]
