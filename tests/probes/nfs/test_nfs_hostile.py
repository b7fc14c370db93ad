"""Hosts that answer wrongly on purpose: each ends as what it is called, within its budget."""

from __future__ import annotations

import asyncio
import itertools
import struct
from collections.abc import Callable
from time import monotonic

import pytest

from scanner.errors import BudgetError, DeadlineError, NetError, NotThisProtocol, ProtocolError, Reset
from scanner.model import Access, Ask, Asked, Batch, Observation, Reason
from scanner.net import Limits
from scanner.probes.nfs import Nfs
from scanner.probes.nfs.export import listed
from scanner.probes.nfs.mount import Listed
from scanner.probes.nfs.rpc import StrangeError
from tests.fakes import endpoint
from tests.probes.nfs.nfs_host import (
    MOUNT,
    NFS,
    PORTMAP,
    Host,
    Raw,
    StatusError,
    Tree,
    attributes,
    opaque,
    record,
    serving,
    word,
)

TREE: Tree = {b"srv": {b"calls": {b"a.wav": 5}}}
EXPORTS = [(b"/srv/calls", [b"*"])]
HERE = endpoint(2049, address="127.0.0.1")
QUICK = Limits(first_byte=1.5, total=3.0, connect=5.0)
LIST = (NFS, 3, 17)


async def ended(host: Host, path: str = "/srv/calls/", limits: Limits = QUICK) -> tuple[int, object]:
    """Names that came, and how it ended: the doubt, or the error."""
    names = 0
    try:
        async with asyncio.timeout(60), serving(host, limits=limits) as net, Nfs().open(HERE, net) as door:
            async for thing in door.list(Ask(path, Asked.ROOT)):
                if isinstance(thing, Batch):
                    names += len(thing)
                elif isinstance(thing, Observation):
                    return names, thing.doubt
    except NetError as error:
        return names, type(error)
    raise AssertionError("a list without an observation")


def three(**handlers: Callable) -> Host:
    """A host of NFS 3 alone, with handlers by name."""
    known = {"dump": (PORTMAP, 2, 4), "export": (MOUNT, 3, 5), "mnt": (MOUNT, 3, 1), "list": LIST, "null": (NFS, 3, 0)}
    return Host(EXPORTS, TREE, versions=(3,), handlers={known[name]: handler for name, handler in handlers.items()})


def page(*rows: tuple[bytes, int], last: bool = False) -> bytes:
    """A READDIRPLUS answer of names and cookies."""
    shown = b"".join(word(1, 0, 1) + opaque(name) + struct.pack(">Q", cookie) + word(1) + attributes(1, name) + word(0)
                     for name, cookie in rows)
    return word(0, 0) + bytes(8) + shown + word(0, last)


ENDLESS_TEXT = word(0xFFFFFFFF)


@pytest.mark.parametrize(("name", "answer"), [
    ("export", word(1) + ENDLESS_TEXT + b"/srv"),
    ("export", word(1) + opaque(b"/srv") + word(1) + ENDLESS_TEXT),
])
async def test_n_01_a_length_of_four_gib_in_the_export_list(name, answer):
    names, doubt = await ended(three(**{name: lambda args: answer}), "/")
    assert (0, Reason.PROTOCOL) == (names, doubt[0])


@pytest.mark.parametrize(("name", "answer"), [
    ("mnt", word(0) + ENDLESS_TEXT), ("mnt", word(0) + opaque(b"h") + ENDLESS_TEXT),
    ("list", word(0, 0) + bytes(8) + word(1, 0, 1) + ENDLESS_TEXT), ("list", word(0, 7)),
])
async def test_n_01_a_length_of_four_gib_elsewhere(name, answer):
    assert (0, ProtocolError) == await ended(three(**{name: lambda args: answer}))


@pytest.mark.parametrize("program", ["export", "dump"])
async def test_n_02_a_list_that_never_ends(program):
    element = word(1) + (opaque(b"/srv/x") + word(0) if program == "export" else word(NFS, 3, 6, 2049))
    nothing = Raw(word(0x80000000 | 24) + b"{xid}" + word(1, 0, 0, 0, 1))
    handlers = {"export": lambda args: nothing, program: lambda args: element * 20_000}
    names, doubt = await ended(three(**handlers), "/")
    assert (0, Reason.PROTOCOL) == (names, doubt[0])


async def test_n_02_an_export_list_beyond_every_bound():
    names, doubt = await ended(three(export=lambda args: (word(1) + opaque(b"/srv/x" * 20) + word(0)) * 20_000), "/")
    assert (0, Reason.CUT) == (names, doubt[0])


async def test_n_02_clients_without_end():
    names, doubt = await ended(three(export=lambda args: word(1) + opaque(b"/srv") + word(1, 0) * 50_000), "/")
    assert (0, Reason.PROTOCOL) == (names, doubt[0])


async def test_n_02_as_many_exports_as_a_list_may_have_cost_no_more_than_their_number():
    exports = [(b"/a/%d/b" % i if i % 2 else b"/a/%d" % (i + 1), [b"*"]) for i in range(9_000)]
    host = Host(exports, {b"a": {}}, versions=(3,))
    async with asyncio.timeout(50), serving(host) as net, Nfs().open(HERE, net) as door:
        asks = [thing async for thing in door.list(Ask("/", Asked.ROOT)) if isinstance(thing, Ask)]
    assert len({path for path, _ in exports}) == len(asks)


CIRCLE = (Reason.CUT, "the server's list goes in a circle: ended")


async def test_n_03_one_cookie_again_and_again():
    assert (2, CIRCLE) == await ended(three(list=lambda args: page((b"x", 7))))


async def test_n_03_cookies_that_go_round():
    turns = itertools.cycle([3, 1, 4, 1, 5, 9, 2, 6])
    names, doubt = await ended(three(list=lambda args: page((b"x", next(turns)))))
    assert (CIRCLE, True) == (doubt, names < 40)


async def test_n_03_no_rows_and_no_end():
    assert (0, CIRCLE) == await ended(three(list=lambda args: page()))


async def test_n_03_ever_new_cookies_one_row_each():
    counter = itertools.count(1)
    names, doubt = await ended(three(list=lambda args: page((b"x", next(counter)))), limits=Limits())
    assert (1001, (Reason.CUT, "the server gives its list in too small pieces: ended after 1000")) == (names, doubt)


async def test_n_03_ever_new_cookies_many_rows_each():
    counter = itertools.count(1)
    rows = Limits(listing_bytes=100_000)
    answers = three(list=lambda args: page(*[(b"x" * 50, next(counter)) for _ in range(100)]))
    names, error = await ended(answers, limits=rows)
    assert (BudgetError, True) == (error, 1000 < names < 1400)


async def test_n_03_a_made_up_root_that_shows_itself_without_end():
    """Above the exports, where no page of a folder is counted yet."""
    counter = itertools.count(1)

    def itself(path, args):
        return path, bytes(8) + word(1, 0, next(counter)) + opaque(b".") + word(0, 0) + word(0, 0)

    host = Host(EXPORTS, TREE, versions=(4,), operations={26: itself})
    async with asyncio.timeout(60), serving(host) as net, Nfs().open(HERE, net):
        assert 40 > next(counter)


async def test_n_02_ten_thousand_exports_are_told_at_once():
    """Of as many two by two comparisons would keep all other hosts waiting for half a minute."""
    names = [b"/srv/%d" % number for number in range(9_000)]
    async with serving(Host([(name, [b"*"]) for name in names], versions=(3,))) as net, Nfs().open(HERE, net) as door:
        began = monotonic()
        shown = [thing async for thing in door.list(Ask("/", Asked.ROOT))]
    assert (9_001, True) == (len(shown), monotonic() - began < 15)


async def test_n_02_one_export_named_again_and_again_is_one():
    (export,) = listed(Listed(b"/srv", (b"192.0.2.%d" % (number % 256),)) for number in range(200_000))
    assert 200_000 == len(export.clients or ())


async def test_n_02_exports_of_nfs_4_without_end_are_cut_and_told():
    """The list of version 3 is bounded by itself; below a made-up root there are folders of folders."""
    def everything(path, args):
        begin = args.word() << 32 | args.word()
        rows = b"".join(
            word(1, 0, number) + opaque(b"%d" % number) + word(1, 1 << 1 | 1 << 8) + opaque(
                word(2) + struct.pack(">QQ", number % 2 * (path.count(b"/") + number + 1), 0))
            for number in range(begin + 1, begin + 1001))
        return path, bytes(8) + rows + word(0, 0)

    host = Host(EXPORTS, versions=(4,), operations={26: everything, 15: lambda path, args: (
        path + b"/" + args.opaque(), b"")})
    async with asyncio.timeout(60), serving(host) as net, Nfs().open(HERE, net) as door:
        shown = [thing async for thing in door.list(Ask("/", Asked.ROOT))]
    assert 10_001 == len(shown)
    assert (Reason.CUT, "shows more than 10000 exports: the rest is not looked at") == shown[-1].doubt


async def test_n_03_rows_that_drip():
    def slowly(args):
        return page(*[(b"%d" % next(counter), next(counter)) for _ in range(5)])

    counter = itertools.count(1)
    _, error = await ended(three(list=slowly), limits=Limits(total=0.2, slowest=1 << 30))
    assert DeadlineError is error


@pytest.mark.parametrize("sent", [
    word(100) + b"{xid}" + word(1) + bytes(92),
    word(8) + b"{xid}" + word(1) + word(0) * 5000,
    (word(8) + b"{xid}" + word(1)) * 200_000,
])
async def test_n_04_fragments_of_which_none_is_the_last(sent):
    for name in ("mnt", "list", "null"):
        names, error = await ended(three(**{name: lambda args: Raw(sent, hold=True)}))
        assert (0, True) == (names, error in (DeadlineError, ProtocolError, BudgetError))


async def test_n_04_fragments_of_endless_length():
    for name in ("mnt", "list"):
        _, error = await ended(three(**{name: lambda args: Raw(word(0x7FFFFFFF) + b"{xid}" + word(1), hold=True)}))
        assert error in (BudgetError, NotThisProtocol)


async def test_n_05_an_answer_to_another_call():
    wrong = record(word(0xDEADBEEF, 1, 0, 0, 0, 0))
    for name in ("mnt", "list"):
        _, error = await ended(three(**{name: lambda args: Raw(wrong)}))
        assert error in (StrangeError, NotThisProtocol)
    _, error = await ended(Host(EXPORTS, TREE, handlers={(NFS, 4, 1): lambda args: Raw(wrong)}))
    assert NotThisProtocol is error


@pytest.mark.parametrize("port", [0, 65536, 0xFFFFFFFF])
async def test_n_06_a_mount_service_at_a_port_that_is_none(port):
    host = three()
    host.programs[1] = (MOUNT, 3, 6, port)
    names, doubt = await ended(host, "/")
    assert (0, Reason.PROTOCOL, True) == (names, doubt[0], f"port {port}" in doubt[1])


async def test_n_06_a_mount_service_at_the_port_of_another():
    """As SSH, which speaks first; a line of text is a fragment of a gibibyte."""
    host = three(export=lambda args: Raw(b"SSH-2.0-OpenSSH_9.2p1\r\n", hold=True))
    names, doubt = await ended(host, "/")
    assert (0, Reason.NOT_THIS_PROTOCOL) == (names, doubt[0])


@pytest.mark.parametrize("size", [0, 3, 4, 7, 20, 30, 60, 100, 150])
async def test_n_07_an_answer_that_ends_too_early(size):
    whole = word(0, 0) + page((b"a.wav", 1), (b"b.wav", 2), last=True)[8:]
    for name in ("mnt", "list"):
        _, error = await ended(three(**{name: lambda args: whole[:size]}))
        assert error is ProtocolError or size > 100 or name == "mnt"


async def test_n_07_a_connection_that_ends_in_an_answer():
    for hold, wanted in ((False, Reset), (True, DeadlineError)):
        sent = Raw(word(0x80000000 | 400) + b"{xid}" + word(1, 0, 0), hold=hold)
        assert (0, wanted) == await ended(three(list=lambda args, sent=sent: sent))


async def test_n_08_a_folder_that_leads_to_another_server():
    def moved(path, args):
        if path.endswith(b"/calls"):
            raise StatusError(10019)
        return host._readdir4(path, args)

    host = Host(EXPORTS, TREE, versions=(4,), operations={26: moved})
    assert (0, (Reason.OUT_OF_SCOPE, "leads to another server: not followed")) == await ended(host)


async def test_n_08_a_referral_among_the_exports_is_named_and_not_followed():
    def readdir(path, args):
        if path:
            raise StatusError(10019)
        moved = word(1, 1 << 11) + opaque(word(10019))
        return path, bytes(8) + word(1, 0, 1) + opaque(b"far") + moved + word(0, 1)

    host = Host([], {b"far": {}}, versions=(4,), operations={26: readdir})
    async with serving(host, limits=QUICK) as net, Nfs().open(HERE, net) as door:
        asks = [thing.path async for thing in door.list(Ask("/", Asked.ROOT)) if isinstance(thing, Ask)]
        assert ["/far/"] == asks
        (seen,) = [thing async for thing in door.list(Ask("/far/", Asked.SHARE))]
        assert (Access.NONE, (Reason.OUT_OF_SCOPE, "leads to another server: not followed")) == (
            seen.access, seen.doubt)
    assert {2049, 111} >= set(net.dialled)


async def test_exports_whose_paths_lead_elsewhere_are_never_asked_for():
    host = Host([(b"/srv/../etc", [b"*"]), (b"relative", [b"*"]), (b"/a\0b", [b"*"]), (b"/./", [b"*"])], TREE,
                versions=(3,))
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        assert [] == [thing async for thing in door.list(Ask("/", Asked.ROOT)) if isinstance(thing, Ask)]


async def test_sizes_and_times_beyond_reason_are_left_out_and_their_rows_kept():
    wild = struct.pack(">5I", 1, 0, 1, 0, 0) + struct.pack(">5Q", *[(1 << 64) - 1] * 5) + word(*[0xFFFFFFFF] * 6)
    answer = word(0, 0) + bytes(8) + word(1, 0, 1) + opaque(b"x.wav") + word(0, 9, 1) + wild + word(0, 0, 1)
    async with serving(three(list=lambda args: answer)) as net, Nfs().open(HERE, net) as door:
        batch, _ = [thing async for thing in door.list(Ask("/srv/calls/", Asked.SHARE))]
        assert ([b"x.wav"], [-1], [0xFFFFFFFF]) == (batch.names, batch.sizes, batch.times)


async def test_an_early_stop_leaves_the_door_usable():
    many: Tree = {b"%05d" % i: 1 for i in range(5000)}
    async with serving(Host(EXPORTS, {b"srv": {b"calls": many}})) as net, Nfs().open(HERE, net) as door:
        listing = door.list(Ask("/srv/calls/", Asked.SHARE))
        await anext(listing)
        await listing.aclose()
        found = [thing async for thing in door.list(Ask("/srv/calls/", Asked.SHARE))]
        assert 5000 == sum(len(thing) for thing in found if isinstance(thing, Batch))


async def test_several_lists_at_once_share_the_connection():
    tree: Tree = {b"srv": {b"calls": {b"d%d" % i: {b"%d-%d" % (i, j): 1 for j in range(300)} for i in range(8)}}}
    async with serving(Host(EXPORTS, tree)) as net, Nfs().open(HERE, net) as door:
        async def one(i: int) -> list[bytes]:
            return [name async for thing in door.list(Ask(f"/srv/calls/d{i}/", Asked.ROOT))
                    if isinstance(thing, Batch) for name in thing.names]

        found = await asyncio.gather(*map(one, range(8)))
        assert [[b"%d-%d" % (i, j) for j in range(300)] for i in range(8)] == found


async def test_a_connection_that_was_closed_meanwhile_is_made_again():
    closing = [True]

    def null(args):
        return Raw(b"") if closing and closing.pop() else b""

    names, doubt = await ended(three(null=null))
    assert (1, None) == (names, doubt)
