"""What doors report, over the conversations of real servers: nothing that their probe does not declare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.model import Ask, Asked, Observation
from scanner.probes import PROBES, Http, Probe
from scanner.probes.nfs import Nfs
from scanner.signature.form import FACTS
from tests.fakes import FakeNet, Talk, endpoint
from tests.probes.ftp import test_ftp_recorded as ftp
from tests.probes.mail import test_mail_recorded as mail
from tests.probes.nfs import test_nfs_recorded as nfs
from tests.probes.rsync import test_rsync_recorded as rsync
from tests.probes.smb.test_smb_recorded import replayed

WIRE = Path(__file__).resolve().parents[2] / "fixtures" / "wire"
FILE_SERVERS = [probe for probe in PROBES if not isinstance(probe, Http)]
PORTS = {"ftp": 21, "imap": 143, "pop3": 110, "smb": 445, "nfs": 2049, "rsync": 873, "ssh": 22}
PATHS = {                                # asked for one after the other, as they were when it was recorded
    "ganesha-3": ["/", "/srv/calls/", "/srv/calls/2019/", "/srv/kerberos/", "/srv/port/"],
    "ganesha-4.0": ["/", "/calls/", "/calls/2019/", "/kerberos/"], "ganesha-4.1": ["/", "/calls/", "/calls/2019/"],
    "ganesha-both": ["/", "/srv/calls/"],
    "samba": ["/", "/calls/", "/calls/2019/", "/hr/"], "samba-restricted": ["/", "/calls/"],
    "impacket": ["/", "/CALLS/", "/CALLS/2019/"],
    "dovecot-imap-anonymous": ["/", *mail.BOXES], "dovecot-imap-no-list-status": ["/", *mail.IN_ORDER],
    "dovecot-pop3-anonymous": ["/", "/INBOX/"],
    "open": ["/calls/"], "login": ["/login/"], "denied": ["/denied/"], "full": ["/full/"], "gone": ["/gone/"],
    "drop": ["/drop/"],
}


def recorded() -> Iterable[tuple[str, str, list[Talk]]]:
    """Protocol, name and connections of every conversation of a file server that is kept."""
    for path in sorted((WIRE / "ftp").glob("*.talk")):
        yield "ftp", path.stem, list(ftp.talks(path.stem))
    for path in sorted((WIRE / "mail").glob("*.txt")):
        yield path.stem.split("-")[1], path.stem, [mail.talk(path.stem)]
    for path in sorted((WIRE / "nfs").glob("*.talk")):
        yield "nfs", path.stem, nfs.talks(path.stem)
    for name in sorted({path.stem.rpartition("-")[0] for path in (WIRE / "smb").glob("*.bin")}):
        yield "smb", name, list(replayed(name).talks)
    for path in sorted((WIRE / "ssh").glob("*.bin")):
        yield "ssh", path.stem, [Talk([path.read_bytes()])]
    for version in rsync.VERSIONS:
        yield "rsync", "modules", [rsync.recorded(version, "modules", b"#list\n")]
        for name in ("open", "login", "denied", "full", "gone", "drop"):
            asked = b"calls/" if name == "open" else name.encode() + b"/"
            yield "rsync", name, [rsync.of_module(version, name, asked)]


async def reported(probe: Probe, name: str, talks: list[Talk]) -> list[Observation]:
    """All that a door says of itself and of what it is asked for."""
    there = replace(endpoint(PORTS[probe.name]), tls=None)
    seen: list[Observation] = []
    speaker = Nfs(xid=0) if probe.name == "nfs" else probe      # the numbers of its calls as they were
    async with speaker.open(there, FakeNet(talks=talks)) as door:
        for path in PATHS.get(name, ["/"]):
            seen += [thing async for thing in door.list(Ask(path, Asked.SHARE)) if isinstance(thing, Observation)]
        seen.append(await door.look())
    return seen


@pytest.mark.parametrize("probe", FILE_SERVERS, ids=lambda probe: probe.name)
async def test_a_door_reports_nothing_that_its_probe_does_not_declare(probe: Probe) -> None:
    conversations = [(name, talks) for protocol, name, talks in recorded() if protocol == probe.name]
    seen = [one for name, talks in conversations for one in await reported(probe, name, talks)]
    facts = {fact for one in seen for fact in one.facts}
    assert set() == facts - probe.facts
    assert [] != [fact for fact in facts if fact.startswith(f"{probe.name}.")]
    assert len(seen) >= 2 * len(conversations) > 0


@pytest.mark.parametrize("probe", FILE_SERVERS, ids=lambda probe: probe.name)
def test_signatures_can_ask_for_every_fact_of_a_probe_and_for_no_other(probe: Probe) -> None:
    own = {fact for fact in probe.facts if fact.startswith(f"{probe.name}.")}
    assert own == {fact for fact in FACTS if fact.startswith(f"{probe.name}.")}
