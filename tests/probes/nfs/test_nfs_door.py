"""The door of NFS against a small healthy host: what it finds, in which order it asks, and what it says of refusals."""

from __future__ import annotations

import tracemalloc
from contextlib import aclosing
from typing import Any

import pytest

from scanner.errors import NotThisProtocol, ProtocolError
from scanner.model import Access, Ask, Asked, Batch, Observation, Reason
from scanner.probes.base import Door
from scanner.probes.nfs import Nfs
from scanner.probes.nfs.rpc import Credential
from tests.fakes import FakeScope, Yes, endpoint
from tests.probes.nfs.nfs_host import (
    MOUNT,
    NFS,
    PORTMAP,
    TIME,
    Host,
    Raw,
    StatusError,
    Tree,
    attributes,
    opaque,
    serving,
    word,
)

CALLS: Tree = {b"a.wav": 5, b"b\n.wav": 8 << 30, b"\xff.wav": 1, b"link": None, b"2019": {b"c.wav": 3}}
TREE: Tree = {b"srv": {b"calls": CALLS, b"closed": {}}}
EXPORTS = [(b"/srv/calls", [b"*"])]
HERE = endpoint(2049, address="127.0.0.1")


async def shown(door: Door, path: str = "/") -> tuple[dict[bytes, int | None], list[str], Observation]:
    """Names with their sizes (None: a folder, or not told), paths of further asks, and the observation."""
    entries: dict[bytes, int | None] = {}
    asks: list[str] = []
    last: Any = None
    async with aclosing(door.list(Ask(path, Asked.ROOT))) as things:
        async for last in things:
            if isinstance(last, Batch):
                entries |= {entry.name: entry.size for entry in last.entries()}
            elif isinstance(last, Ask):
                asks.append(last.path)
    assert isinstance(last, Observation)
    return entries, asks, last


@pytest.mark.parametrize(("versions", "told"), [((3,), "3"), ((4,), "4.0"), ((3, 4), "3, 4.0")])
async def test_each_version_alone_and_both_together_show_the_same(versions, told):
    host = Host(EXPORTS, TREE, versions=versions)
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        entries, asks, seen = await shown(door)
        assert ({}, ["/srv/calls/"], Access.NONE, None) == (entries, asks, seen.access, seen.doubt)
        assert told == seen.facts["nfs.versions"]
        entries, _, seen = await shown(door, "/srv/calls/")
        assert {b"a.wav": 5, b"b\n.wav": 8 << 30, b"\xff.wav": 1, b"link": None, b"2019": None} == entries
        assert (Access.ANONYMOUS, None) == (seen.access, seen.doubt)
        entries, _, _ = await shown(door, "/srv/calls/2019/")
        assert {b"c.wav": 3} == entries


async def test_times_and_kinds_come_with_the_names():
    async with serving(Host(EXPORTS, TREE, versions=(3,))) as net, Nfs().open(HERE, net) as door:
        async for batch in door.list(Ask("/srv/calls/", Asked.SHARE)):
            if isinstance(batch, Batch):
                assert ([TIME] * 4, 1, [b"2019"]) == (batch.times, batch.grain, batch.directories)


async def test_a_deep_folder_is_found_without_having_been_at_those_above():
    for versions in ((3,), (4,)):
        async with serving(Host(EXPORTS, TREE, versions=versions)) as net, Nfs().open(HERE, net) as door:
            entries, _, seen = await shown(door, "/srv/calls/2019/")
            assert ({b"c.wav": 3}, "/srv/calls") == (entries, seen.facts["nfs.export"])


async def test_many_pages_make_one_list():
    many: Tree = {b"%04d.wav" % i: i for i in range(1000)}
    for versions in ((3,), (4,)):
        host = Host(EXPORTS, {b"srv": {b"calls": many}}, versions=versions, page=7)
        async with serving(host) as net, Nfs().open(HERE, net) as door:
            entries, _, seen = await shown(door, "/srv/calls/")
            assert (many, None) == (entries, seen.doubt)


async def test_who_may_mount_is_told_with_what_was_opened():
    async with serving(Host(EXPORTS, TREE, versions=(3,), flavours=(1, 390003))) as net, Nfs().open(HERE, net) as door:
        _, _, seen = await shown(door, "/srv/calls/")
        assert ("*", "sys, krb5") == (seen.facts["nfs.clients"], seen.facts["nfs.flavors"])
        assert "as nobody (user 65534), without a login, by NFS 3; exported to everybody" == seen.facts["door.how"]


async def test_what_was_mounted_is_given_back():
    host = Host(EXPORTS, TREE, versions=(3,))
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        await shown(door, "/srv/calls/")
        assert (MOUNT, 3, 3) not in host.calls
    assert (MOUNT, 3, 3) == host.calls[-1]


async def test_a_stranger_is_nobody_and_says_no_name_of_this_machine():
    host = Host(EXPORTS, TREE, versions=(3,))
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        await shown(door, "/srv/calls/")
    said = {word(1) + word(0) + opaque(b"earshot") + word(65534, 65534, 0), word(0)}
    assert said == host.credentials
    assert word(1) + opaque(word(0) + opaque(b"earshot") + word(65534, 65534, 0)) + word(0, 0) == Credential.SYS.value


async def test_no_credential_at_all_is_used_where_the_mount_says_so_and_only_there():
    host = Host(EXPORTS, TREE, versions=(3,), flavours=(0,))
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        host.credentials.clear()
        await shown(door, "/srv/calls/")
        assert word(0) in host.credentials


@pytest.mark.parametrize(("clients", "flavours", "status", "doubt"), [
    ([b"192.0.2.0/24", b"198.51.100.7"], (1,), 13,
     (Reason.FORBIDDEN, "exported to clients of which this one is none (2 are named)")),
    ([b"*"], (1,), 13, (Reason.FORBIDDEN, "exported to everybody, but not shown: it may want a source port below "
                                          "1024, which a scan does not use")),
    ([], (1,), 1, (Reason.FORBIDDEN, "exported to everybody, but not shown: it may want a source port below 1024, "
                                     "which a scan does not use")),
    ([b"*"], (390003, 390005), 0, (Reason.LOGIN, "wants Kerberos")),
    ([b"*"], (1,), 5, (Reason.SERVER_ERROR, "the server failed (status 5)")),
    ([b"*"], (1,), 10008, (Reason.SLOW_DOWN, "the server wants to be asked later")),
    ([b"*"], (1,), 2, (Reason.NOT_A_LISTING, "is not there any more")),
])
async def test_a_list_that_is_readable_and_a_content_that_is_closed_are_told_apart(clients, flavours, status, doubt):
    def mnt(args):
        if status:
            raise StatusError(status)
        return word(0) + opaque(b"handle") + word(len(flavours), *flavours)

    host = Host([(b"/srv/calls", clients)], TREE, versions=(3,), handlers={(MOUNT, 3, 1): mnt})
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        _, asks, seen = await shown(door)
        assert (["/srv/calls/"], None) == (asks, seen.doubt)
        entries, _, seen = await shown(door, "/srv/calls/")
        assert ({}, Access.NONE, doubt) == (entries, seen.access, seen.doubt)


@pytest.mark.parametrize(("state", "doubt"), [
    (5, (Reason.FORBIDDEN, "exported, but it wants a source port below 1024, which a scan does not use")),
    (13, (Reason.LOGIN, "wants Kerberos")),
    (1, (Reason.LOGIN, "does not take what a stranger can say of himself (auth_stat 1)")),
])
async def test_a_credential_that_is_not_taken_says_what_would_be(state, doubt):
    denied = Raw(word(0x80000000 | 20) + b"{xid}" + word(1, 1, 1, state))
    host = Host(EXPORTS, TREE, versions=(3,), handlers={(NFS, 3, 17): lambda args: denied})
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        _, _, seen = await shown(door, "/srv/calls/")
        assert doubt == seen.doubt


async def test_a_stale_handle_is_looked_up_again_once():
    stale = [True, True]

    def readdirplus(args):
        if stale and stale.pop():
            raise StatusError(70)
        return host._readdirplus(args)

    host = Host(EXPORTS, TREE, versions=(3,), handlers={(NFS, 3, 17): readdirplus})
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        _, _, seen = await shown(door, "/srv/calls/")
        assert (Reason.SERVER_ERROR, "the server forgot the folder twice (a stale handle)") == seen.doubt
        entries, _, seen = await shown(door, "/srv/calls/")
        assert (5, None) == (len(entries), seen.doubt)


async def test_where_readdirplus_is_not_offered_names_are_looked_up_for_their_kinds():
    def refuse(args):
        raise StatusError(10004)

    host = Host(EXPORTS, TREE, versions=(3,), handlers={(NFS, 3, 17): refuse})
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        entries, _, _ = await shown(door, "/srv/calls/")
        assert {b"a.wav": 5, b"b\n.wav": 8 << 30, b"\xff.wav": 1, b"link": None, b"2019": None} == entries


async def test_kinds_are_looked_up_for_so_many_names_and_the_rest_is_said():
    def refuse(args):
        raise StatusError(10004)

    many: Tree = {b"%04d" % i: {} for i in range(1100)}
    host = Host(EXPORTS, {b"srv": {b"calls": many}}, versions=(3,), handlers={(NFS, 3, 17): refuse})
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        entries, _, seen = await shown(door, "/srv/calls/")
        assert (1100, "100", Access.ANONYMOUS) == (len(entries), seen.facts["listing.unreadable"], seen.access)
        assert (Reason.CUT, "the server tells no kinds: folders beyond 1000 names are not known") == seen.doubt


async def test_an_export_in_another_belongs_to_it_where_that_opens():
    exports = [(b"/srv/calls", [b"*"]), (b"/srv", [b"*"]), (b"/srv/closed", [b"192.0.2.1"])]
    async with serving(Host(exports, TREE, versions=(3,))) as net, Nfs().open(HERE, net) as door:
        _, asks, _ = await shown(door)
        assert ["/srv/"] == asks
        entries, _, _ = await shown(door, "/srv/calls/2019/")
        assert {b"c.wav": 3} == entries


async def test_an_export_in_another_that_is_closed_stands_for_itself():
    def mnt(args):
        if (path := args.opaque()) == b"/srv":
            raise StatusError(13)
        return word(0) + opaque(path) + word(1, 1)

    host = Host([(b"/srv", [b"192.0.2.1"]), (b"/srv/calls", [b"*"])], TREE, versions=(3,),
                handlers={(MOUNT, 3, 1): mnt})
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        _, asks, _ = await shown(door)
        assert ["/srv/", "/srv/calls/"] == asks


async def test_a_whole_disk_is_listed_at_the_root():
    for versions in ((3,), (4,)):
        async with serving(Host([(b"/", [b"*"])], CALLS, versions=versions)) as net, Nfs().open(HERE, net) as door:
            entries, asks, seen = await shown(door)
            assert ([], Access.ANONYMOUS, 5) == (asks, seen.access, len(entries))


async def test_an_export_under_two_paths_is_one():
    """As where the path of version 4 is made up: the folders themselves are the same."""
    def into(path, args):
        name = args.opaque()
        return b"/srv/calls" if name == b"pseudo" else path + b"/" + name, b""

    host = Host(EXPORTS, TREE)
    host.operations[15] = into
    host.operations[26] = _pseudo(host)
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        _, asks, _ = await shown(door)
        assert ["/srv/calls/"] == asks
        entries, _, seen = await shown(door, "/srv/calls/")
        assert (5, True) == (len(entries), "by NFS 4.0" in seen.facts["door.how"])


def _pseudo(host: Host):
    """READDIR that shows one made-up folder at the root."""
    def readdir(path, args):
        if path:
            return host._readdir4(path, args)
        args.fixed(24)
        asked = [args.word() for _ in range(args.word())]
        return path, bytes(8) + word(1, 0, 1) + opaque(b"pseudo") + host.attributes4(b"/srv/calls", asked) + word(0, 1)
    return readdir


async def test_folders_above_an_export_are_none_where_they_say_the_same_of_their_file_system():
    """As Linux does: the root is of no file system, all below it of that of the disk."""
    tree: Tree = {b"srv": {b"calls": CALLS, b"more": {b"x.wav": 1}}}
    host = Host([(b"/srv/calls", [b"*"]), (b"/srv/more", [b"*"])], tree, system=lambda path: int(path != b""))
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        _, asks, _ = await shown(door)
        assert ["/srv/calls/", "/srv/more/"] == asks


async def test_a_root_of_version_4_that_holds_files_is_the_export_itself():
    """As with fsid=0, where the list of version 3 gives its path on the disk."""
    tree: Tree = {b"a.wav": 1, b"2019": {b"b.wav": 2}}
    async with serving(Host([], tree, versions=(4,))) as net, Nfs().open(HERE, net) as door:
        entries, asks, seen = await shown(door)
        assert ({b"a.wav": 1, b"2019": None}, [], Access.ANONYMOUS) == (entries, asks, seen.access)
        entries, _, _ = await shown(door, "/2019/")
        assert {b"b.wav": 2} == entries


async def test_a_root_that_leads_to_nothing_is_no_export():
    for tree in ({}, {b"srv": {b"calls": {}}}):
        async with serving(Host([], tree, versions=(4,))) as net, Nfs().open(HERE, net) as door:
            entries, asks, seen = await shown(door)
            assert ({}, [], Access.NONE) == (entries, asks, seen.access)
            assert (Reason.NOT_A_LISTING, "a file server that shows no export") == seen.doubt


async def test_a_root_of_very_many_folders_is_the_export_itself():
    tree: Tree = {b"%03d" % i: {b"x": {}} for i in range(100)}
    async with serving(Host([], tree, versions=(4,))) as net, Nfs().open(HERE, net) as door:
        entries, _, seen = await shown(door)
        assert (100, Access.ANONYMOUS) == (len(entries), seen.access)


@pytest.mark.parametrize("minor", [1, 2])
async def test_a_session_is_begun_and_given_back(minor):
    host = Host(EXPORTS, TREE, versions=(4,), minor=minor)
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        _, asks, seen = await shown(door)
        assert (["/srv/calls/"], f"4.{minor}", "Filer 9 example.org") == (
            asks, seen.facts["nfs.versions"], seen.facts["door.software"])
        entries, _, _ = await shown(door, "/srv/calls/2019/")
        assert {b"c.wav": 3} == entries
        assert host.session > 0
    assert -1 == host.session


async def test_a_session_that_the_server_forgot_is_begun_again():
    host = Host(EXPORTS, {b"srv": {b"calls": {b"%03d" % i: 1 for i in range(200)}}}, versions=(4,), minor=1)
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        names = 0
        async for thing in door.list(Ask("/srv/calls/", Asked.SHARE)):
            names += len(thing) if isinstance(thing, Batch) else 0
            host.session = -1
        assert 200 == names


async def test_what_a_mount_service_without_a_list_serves_goes_by_a_slash():
    """As small servers do, that mount at the port of NFS and tell no list."""
    def nothing(args):
        return Raw(word(0x80000000 | 24) + b"{xid}" + word(1, 0, 0, 0, 3))

    def mnt(args):
        return word(0) + opaque(b"") + word(1, 1)

    host = Host([], CALLS, versions=(3,), handlers={(MOUNT, 3, 5): nothing, (MOUNT, 3, 1): mnt})
    host.programs = [(PORTMAP, 2, 6, 111)]
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        entries, asks, seen = await shown(door)
        assert (5, [], Access.ANONYMOUS) == (len(entries), asks, seen.access)


async def test_a_server_that_knows_no_versions_and_leaves_out_a_part_of_its_refusals_is_listed_by_version_3():
    """As go-nfs does: it goes by the number of the procedure alone, and its refusal ends where versions follow."""
    def getattr3(args):
        return Raw(word(0x80000000 | 28) + b"{xid}" + word(1, 0, 0, 0, 0, 10001))

    def nothing(args):
        return Raw(word(0x80000000 | 24) + b"{xid}" + word(1, 0, 0, 0, 2))

    def mnt(args):
        return word(0) + opaque(b"") + word(1, 1)

    host = Host([], CALLS, handlers={(NFS, 4, 1): getattr3, (MOUNT, 3, 5): nothing, (MOUNT, 3, 1): mnt})
    host.programs = [(PORTMAP, 2, 6, 111)]
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        entries, _, seen = await shown(door)
        assert (5, Access.ANONYMOUS, "3") == (len(entries), seen.access, seen.facts["nfs.versions"])


# ---- ports


async def test_the_portmapper_beside_nfs_lists_nothing_itself():
    host = Host(EXPORTS, TREE)
    async with serving(host) as net, Nfs().open(endpoint(111, address="127.0.0.1"), net) as door:
        _, asks, seen = await shown(door)
        assert ([], Access.NONE, None, "mountd, nfs, portmapper") == (
            asks, seen.access, seen.doubt, seen.facts["nfs.programs"])
        assert [111] == net.dialled


async def test_nfs_elsewhere_is_asked_from_the_portmappers_door():
    programs = [(PORTMAP, 2, 6, 111), (MOUNT, 3, 6, 20048), (NFS, 3, 6, 42049)]
    host = Host(EXPORTS, TREE, programs=programs, versions=(3,))
    async with serving(host) as net, Nfs().open(endpoint(111, address="127.0.0.1"), net) as door:
        _, asks, seen = await shown(door)
        assert (["/srv/calls/"], 42049, "nfs") == (asks, seen.endpoint.port, seen.endpoint.scheme)
        assert [111, 42049, 20048] == net.dialled[:3]


async def test_a_portmapper_without_nfs_is_named_with_its_programs():
    programs = [(PORTMAP, 2, 6, 111), (100024, 1, 6, 50000), (391002, 1, 6, 50001)]
    async with serving(Host(programs=programs)) as net, Nfs().open(endpoint(111, address="127.0.0.1"), net) as door:
        _, asks, seen = await shown(door)
        assert ([], (Reason.RECOGNISED, "portmapper: no NFS (391002, portmapper, status)")) == (asks, seen.doubt)


async def test_a_portmapper_of_a_later_version_alone_is_asked_in_that():
    def later(args):
        place = [(NFS, 3, b"tcp", b"0.0.0.0.8.1"), (MOUNT, 3, b"tcp6", b"::.78.80"), (MOUNT, 3, b"udp", b"0.0.0.0.1.1"),
                 (PORTMAP, 3, b"local", b"/run/rpcbind.sock")]
        return b"".join(word(1, number, version) + opaque(network) + opaque(at) + opaque(b"0")
                        for number, version, network, at in place) + word(0)

    host = Host(EXPORTS, TREE, versions=(3,))
    host.handlers[PORTMAP, 2, 4] = lambda args: Raw(word(0x80000000 | 32) + b"{xid}" + word(1, 0, 0, 0, 2, 3, 4))
    host.handlers[PORTMAP, 3, 4] = later
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        _, asks, _ = await shown(door)
        assert (["/srv/calls/"], 20048) == (asks, net.dialled[-1])


async def test_nfs_over_udp_alone_is_named_and_not_asked():
    programs = [(PORTMAP, 2, 6, 111), (NFS, 3, 17, 2049)]
    async with serving(Host(programs=programs)) as net, Nfs().open(endpoint(111, address="127.0.0.1"), net) as door:
        _, _, seen = await shown(door)
        assert (Reason.RECOGNISED, "portmapper: NFS over UDP alone, which is not asked (nfs, portmapper)") == seen.doubt


async def test_a_version_that_is_too_old_is_named_and_not_asked():
    async with serving(Host(versions=(2,))) as net, Nfs().open(HERE, net) as door:
        _, asks, seen = await shown(door)
        assert ([], (Reason.RECOGNISED, "NFS: version 2 at most, which is not asked")) == (asks, seen.doubt)
        assert "2" == seen.facts["nfs.versions"]


async def test_rpc_without_nfs_is_no_door():
    host = Host()
    unknown = Raw(word(0x80000000 | 24) + b"{xid}" + word(1, 0, 0, 0, 1))
    host.handlers |= {(NFS, 4, 1): lambda args: unknown, (NFS, 3, 0): lambda args: unknown}
    async with serving(host) as net:
        with pytest.raises(ProtocolError, match="speaks RPC, but no NFS"):
            async with Nfs().open(HERE, net):
                pass


async def test_memory_stays_flat_over_a_long_folder():
    def readdirplus(args):
        args.opaque()
        args.fixed(4)
        begin = args.word()
        rows = b"".join(word(1, 0, i, 25) + b"0701740605-%010d.wav\0\0\0" % i + word(0, i, 1) + told + word(0)
                        for i in range(begin + 1, begin + 1001))
        return word(0, 0) + bytes(8) + rows + word(0, begin + 1000 >= 20_000)

    told = attributes(1, b"x")
    host = Host(EXPORTS, TREE, versions=(3,), handlers={(NFS, 3, 17): readdirplus})
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        tracemalloc.start()
        names = 0
        async for thing in door.list(Ask("/srv/calls/", Asked.SHARE)):
            names += len(thing) if isinstance(thing, Batch) else 0
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (20_000, True) == (names, peak < 2 << 20)


async def test_a_portmapper_that_does_not_list_is_asked_by_name():
    host = Host(EXPORTS, TREE, versions=(3,))
    host.handlers[PORTMAP, 2, 4] = lambda args: Raw(word(0x80000000 | 24) + b"{xid}" + word(1, 0, 0, 0, 3))
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        _, asks, _ = await shown(door)
        assert ["/srv/calls/"] == asks


class Without(FakeScope):
    """A scope without ports below 1024, but for some."""

    def decide(self, address, port=None):
        return Yes(port is None or port >= 1024, "not among the ports")


async def test_the_portmapper_and_mountd_are_permitted_with_nfs():
    async with serving(Host(EXPORTS, TREE, versions=(3,)), scope=Without()) as net, Nfs().open(HERE, net) as door:
        _, asks, seen = await shown(door)
        assert (["/srv/calls/"], None) == (asks, seen.doubt)
    assert [2049, 111, 20048] == net.dialled


async def test_a_mount_service_at_a_reserved_port_that_the_scope_does_not_name_is_told_and_version_4_goes_on():
    host = Host(EXPORTS, TREE)
    host.programs[1] = (MOUNT, 3, 6, 635)
    async with serving(host, scope=Without()) as net, Nfs().open(HERE, net) as door:
        _, asks, seen = await shown(door)
        assert (["/srv/calls/"], Reason.OUT_OF_SCOPE) == (asks, seen.doubt[0])
        entries, _, _ = await shown(door, "/srv/calls/")
        assert 5 == len(entries)
    assert 635 not in net.dialled


async def test_what_is_no_rpc_is_told_with_what_it_said():
    host = Host(handlers={(NFS, 4, 1): lambda args: Raw(b"HTTP/1.1 400 Bad Request\r\n\r\n")})
    async with serving(host) as net:
        with pytest.raises(NotThisProtocol) as told:
            async with Nfs().open(HERE, net):
                pass
        assert told.value.said.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("path", ["/srv/calls/%2E%2E/", "/srv/calls/a%2Fb/", "/srv/calls/a%00b/", "/srv/calls/./"])
async def test_a_name_that_leads_elsewhere_is_never_asked_for(path):
    host = Host(EXPORTS, TREE, versions=(3,))
    async with serving(host) as net, Nfs().open(HERE, net) as door:
        before = len(host.calls)
        _, _, seen = await shown(door, path)
        assert (Reason.FORBIDDEN, "a folder whose name no command can hold") == seen.doubt
        assert before == len(host.calls)
