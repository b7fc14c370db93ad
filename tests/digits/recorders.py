"""Recorders whose names hold the other side's number: exchanges, contact centres, handsets, fax servers.

Each function writes a name as the product's documentation, its source or its users' published examples show it; the
number of the other side stands where `call.number` stands. `RECORDERS` is the one list.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.digits.scene import Call

Recorder = Callable[[Call, Random], str]


def freepbx(call: Call, rng: Random) -> str:
    """`<kind>-<called>-<caller>-date-time-<uniqueid>`; an unknown caller is the word `unknown`."""
    kinds = ((f"in-{call.did}-{call.number}", f"external-{call.extension}-{call.number}",
              f"q-{call.queue}-{call.number}", f"rg-600-{call.number}", f"force-{call.number}-{call.extension}")
             if call.incoming else (f"out-{call.number}-{call.extension}", f"out-{call.number}-{call.did}"))
    return f"{rng.choice(kinds)}-{call.at('%Y%m%d-%H%M%S')}-{call.unique}.wav"


def freepbx_inbound(call: Call, rng: Random) -> str:
    """One inbound route: the company's own number first, the caller after it."""
    return f"in-{call.did}-{call.number}-{call.at('%Y%m%d-%H%M%S')}-pbx1-{call.unique}.mp3"


def freepbx_queue(call: Call, rng: Random) -> str:
    """One queue."""
    return f"q-{call.queue}-{call.number}-{call.at('%Y%m%d-%H%M%S')}-{call.unique}.WAV"


def freepbx_outbound(call: Call, rng: Random) -> str:
    """Calls out: the number that was called, then the extension."""
    return f"out-{call.number}-{call.extension}-{call.at('%Y%m%d-%H%M%S')}-{call.unique}.wav"


def elastix_out(call: Call, rng: Random) -> str:
    """`OUT<extension>-<called>-date-time-<uniqueid>`, an older form."""
    return f"OUT{call.extension}-{call.number}-{call.at('%Y%m%d-%H%M%S')}-{call.unique}.WAV"


def grandstream(call: Call, rng: Random) -> str:
    """`auto-<epoch>-<caller>-<callee>`."""
    pair = (call.number, call.extension) if call.incoming else (call.extension, call.number)
    return f"auto-{call.moment}-{pair[0]}-{pair[1]}.wav"


def vicidial(call: Call, rng: Random) -> str:
    """FULLDATE_CUSTPHONE."""
    return f"{call.at('%Y%m%d-%H%M%S')}_{call.number}-all.mp3"


def vicidial_agent(call: Call, rng: Random) -> str:
    """FULLDATE_CUSTPHONE_CAMPAIGN_AGENT."""
    return f"{call.at('%Y%m%d-%H%M%S')}_{call.number}_SALES_{call.extension}-all.mp3"


def fusionpbx(call: Call, rng: Random) -> str:
    """A call centre's template: from, to, day, UUID."""
    return f"{call.number}-{call.queue}-{call.at('%Y%b%d')}-{call.uuid}.mp3"


def freeswitch(call: Call, rng: Random) -> str:
    """The template of the wiki: when, called, caller."""
    return f"{call.at('%Y-%m-%d-%H-%M-%S')}_{call.number}_{call.extension}.wav"


def freeswitch_dotted(call: Call, rng: Random) -> str:
    """When, called, caller, UUID, between dots."""
    return f"{call.at('%Y-%m-%d-%H-%M-%S')}.{call.queue}.{call.number}.{call.uuid}.wav"


def three_cx(call: Call, rng: Random) -> str:
    """`[contact]_from-to_when(id)`; the contact is a name, the number, or nothing."""
    contact = rng.choice(("", call.number, ", ".join(reversed(call.contact.split()))))
    pair = f"{call.number}-{call.extension}" if call.incoming else f"{call.extension}-{call.number}"
    return f"[{contact}]_{pair}_{call.at('%Y%m%d%H%M%S')}({call.serial}).wav"


def yeastar(call: Call, rng: Random) -> str:
    """When, uniqueid, caller, callee, direction."""
    pair = f"{call.number}-{call.extension}-Inbound" if call.incoming else f"{call.extension}-{call.number}-Outbound"
    return f"{call.at('%Y%m%d%H%M%S')}-{call.unique}-{pair}.wav"


def miarec(call: Call, rng: Random) -> str:
    """A template of setup time, caller's and callee's numbers."""
    pair = f"{call.number}_{call.extension}" if call.incoming else f"{call.extension}_{call.number}"
    return f"{call.at('%Y%m%d%H%M%S')}_{pair}.mp3"


def wazo(call: Call, rng: Random) -> str:
    """`user-<source>-<destination>-<epoch>`."""
    pair = f"{call.number}-{call.extension}" if call.incoming else f"{call.extension}-{call.number}"
    return f"user-{pair}-{call.moment}.wav"


def vodia(call: Call, rng: Random) -> str:
    """Time, direction, user, number: the day is the folder's."""
    return f"{call.at('%H%M%S')}-{'i' if call.incoming else 'o'}-{call.extension}-{call.number}.wav"


def telesis(call: Call, rng: Random) -> str:
    """Access code filled to eight, day, time, direction, party, dialled, caller, reference and address in hex."""
    way = ("O", call.extension, "", call.number) if call.incoming else ("I", call.queue, call.number, "")
    return (f"{call.extension:_<8}_{call.at('%y%m%d_%H%M%S')}_A{'_'.join(way)}"
            f"_{call.moment & 0xFFFFFFFF:08X}_C000020A.mp3")


def ringcentral(call: Call, rng: Random) -> str:
    """Day, time, extension, number, direction, manner, a long id."""
    way = "Incoming" if call.incoming else "Outgoing"
    return (f"{call.at('%Y%m%d-%H%M%S')}_{call.extension}_{call.number}_{way}_Auto"
            f"_{rng.randrange(10 ** 12, 10 ** 13)}.mp3")


def five9(call: Call, rng: Random) -> str:
    """Number, agent, time of day; the day is the folder's."""
    return f"{call.number} by agent{call.extension}@example.com @ {call.at('%-I_%M_%S %p')}.wav"


def bcr(call: Call, rng: Random) -> str:
    """Android's free recorder: when with zone, direction, number, contact."""
    contact = f"_{call.contact}" if rng.random() < 0.5 else ""
    return (f"{call.at('%Y%m%d_%H%M%S')}.{rng.randrange(1000):03d}+0200_{'in' if call.incoming else 'out'}"
            f"_{call.number}{contact}.oga")


def bcr_early(call: Call, rng: Random) -> str:
    """Its first form: microseconds, no direction."""
    return f"{call.at('%Y%m%d_%H%M%S')}.{rng.randrange(10 ** 6):06d}-0400_{call.number}.flac"


def samsung(call: Call, rng: Random) -> str:
    """Words of the phone's language, the number, day and time of six digits."""
    return f"Call recording {call.number}_{call.at('%y%m%d_%H%M%S')}.m4a"


def miui(call: Call, rng: Random) -> str:
    """Contact or number, the number in brackets, when."""
    who = call.contact if rng.random() < 0.4 else call.number
    return f"{who}({call.number})_{call.at('%Y%m%d%H%M%S')}.mp3"


def huawei(call: Call, rng: Random) -> str:
    """Contact, number, when."""
    return f"{call.contact}@{call.number}_{call.at('%Y%m%d%H%M%S')}.amr"


def lineage(call: Call, rng: Random) -> str:
    """Number, day of six digits, time with milliseconds of nine."""
    return f"{call.number}_{call.at('%y%m%d_%H%M%S')}{rng.randrange(1000):03d}.amr"


def crdroid(call: Call, rng: Random) -> str:
    """A word, when, number."""
    return f"CallRecord_{call.at('%Y%m%d-%H%M%S')}_{call.number}.m4a"


def axet(call: Call, rng: Random) -> str:
    """When in words of a file manager, direction, number."""
    return f"{call.at('%Y-%m-%d %H.%M.%S')} {'in' if call.incoming else 'out'} {call.number}.ogg"


def number_only(call: Call, rng: Random) -> str:
    """The number alone, as in the founding case."""
    return f"{call.number}.wav"


def number_counted(call: Call, rng: Random) -> str:
    """The number, and which call of it."""
    return f"{call.number}_{call.serial % 7 + 1}.mp3"


def swyx_fax(call: Call, rng: Random) -> str:
    """An archived fax: the sender's number, day, time, as Germans write them."""
    return f"fax_{call.number}_{call.at('%d.%m.%y')}_{call.at('%H.%M.%S')}.dcx"


def concord_fax(call: Call, rng: Random) -> str:
    """A message's id with the called number and milliseconds, when it came, caller, called, pages."""
    own = call.did.lstrip("+")
    return (f"ct{own}-{call.at('%Y%m%d%H%M%S')}{rng.randrange(1000):03d}-321-1_{call.at('%m%d%Y %-I%M %p')}"
            f"_{call.number}_{own}_{rng.randint(1, 9)}.tif")


RECORDERS: dict[str, tuple[Recorder, str]] = {
    "freepbx": (freepbx, "/monitor/%Y/%m/%d/"), "freepbx-in": (freepbx_inbound, "/monitor/%Y/%m/%d/"),
    "freepbx-q": (freepbx_queue, "/monitor/%Y/%m/%d/"), "freepbx-out": (freepbx_outbound, "/monitor/"),
    "elastix-out": (elastix_out, "/monitor/"), "grandstream": (grandstream, "/autorecord/"),
    "vicidial": (vicidial, "/RECORDINGS/%Y-%m-%d/"), "vicidial-agent": (vicidial_agent, "/RECORDINGS/MP3/"),
    "fusionpbx": (fusionpbx, "/recordings/"), "freeswitch": (freeswitch, "/recordings/"),
    "freeswitch-dotted": (freeswitch_dotted, "/recordings/"), "3cx": (three_cx, "/Recordings/101/"),
    "yeastar": (yeastar, "/autorecords/"), "miarec": (miarec, "/Recordings/"), "wazo": (wazo, "/monitor/"),
    "vodia": (vodia, "/recordings/%Y%m%d/"), "telesis": (telesis, "/records/"),
    "ringcentral": (ringcentral, "/archive/"),
    "five9": (five9, "/recordings/"), "bcr": (bcr, "/calls/"), "bcr-early": (bcr_early, "/calls/"),
    "samsung": (samsung, "/Recordings/Call/"), "miui": (miui, "/MIUI/sound_recorder/call_rec/"),
    "huawei": (huawei, "/Sounds/CallRecord/"), "lineage": (lineage, "/CallRecordings/"),
    "crdroid": (crdroid, "/CallRecordings/"), "axet": (axet, "/calls/"), "number-only": (number_only, "/archive/old/"),
    "number-counted": (number_counted, "/archive/old/"), "swyx-fax": (swyx_fax, "/fax/"),
    "concord-fax": (concord_fax, "/faxes/archived/"),
}
