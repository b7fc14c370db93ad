"""Recorders and cameras whose names hold nobody: times, channels, UUIDs, serials, the company's own number.

Forms are those of the products' documentation. `SILENT` is the one list: (the name of one file, its folder).
"""

from __future__ import annotations

from collections.abc import Callable

from tests.digits.scene import Call, Scene

Quiet = Callable[[Call, Scene], str]


def _hex(scene: Scene) -> str:
    return scene.hexa(32)


def _letters(scene: Scene) -> str:
    return "".join(scene.rng.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=4))


def _maildir(call: Call, scene: Scene) -> str:
    size = scene.rng.randrange(900, 90_000)
    return (f"{call.moment}.M{scene.rng.randrange(10 ** 6)}P{scene.rng.randrange(300, 32_000)}.mail,S={size},"
            f"W={size + 90}:2,S")


def _avaya(call: Call, scene: Scene) -> str:
    return f"871000{call.moment - 1_300_000_000:09d}.wav"


def _hikvision(call: Call, scene: Scene) -> str:
    return f"192.0.2.{scene.rng.randint(10, 40)}_01_{call.at('%Y%m%d%H%M%S')}{scene.digits(3)}_MOTION_DETECTION.jpg"


def _dahua(call: Call, scene: Scene) -> str:
    return f"NVR_ch{scene.rng.randint(1, 8)}_main_{call.at('%Y%m%d%H%M%S')}_{call.at('%Y%m%d%H%M59')}.dav"


def _innovaphone(call: Call, scene: Scene) -> str:
    return f"{_hex(scene)}-009033{call.serial % 9:06x}-{call.serial}.pcap"


def _rtpengine(call: Call, scene: Scene) -> str:
    return f"{scene.hexa(12)}@192.0.2.10-{scene.hexa(16)}.pcap"


SILENT: dict[str, tuple[Quiet, str]] = {
    "elastix-ext": (lambda c, s: f"OUT{c.extension}-{c.at('%Y%m%d-%H%M%S')}-{c.unique}.wav", "/monitor/"),
    "elastix-queue": (lambda c, s: f"q8000-{c.at('%Y%m%d-%H%M%S')}-{c.unique}.WAV", "/monitor/"),
    "elastix-group": (lambda c, s: f"g600-{c.at('%Y%m%d-%H%M%S')}-{c.unique}-in.wav", "/monitor/"),
    "freepbx-internal": (lambda c, s: f"exten-{c.extension}-{c.queue}-{c.at('%Y%m%d-%H%M%S')}-{c.unique}.wav",
                         "/monitor/"),
    "freepbx-own": (lambda c, s: f"in-{c.did}-unknown-{c.at('%Y%m%d-%H%M%S')}-{c.unique}.wav", "/monitor/"),
    "uniqueid": (lambda c, s: f"{c.unique}.wav", "/monitor/"),
    "uniqueid-leg": (lambda c, s: f"asterisk-{c.unique}-in.gsm", "/monitor/"),
    "meetme": (lambda c, s: f"meetme-conf-rec-6300-{c.unique}.wav", "/meetme/"),
    "confbridge": (lambda c, s: f"confbridge-{c.extension}-{c.moment}.wav", "/meetme/"),
    "freeswitch-uuid": (lambda c, s: f"{c.uuid}.wav", "/recordings/example.org/archive/%Y/%b/%d/"),
    "freeswitch-vm": (lambda c, s: f"msg_{c.uuid}.wav", "/storage/voicemail/default/example.org/1001/"),
    "asterisk-vm": (lambda c, s: f"msg{c.serial % 100:04d}.{s.rng.choice(('wav', 'txt', 'WAV'))}",
                    "/voicemail/default/1001/INBOX/"),
    "own-queue": (lambda c, s: f"{c.did}_{c.at('%Y%m%d%H%M%S')}.wav", "/recordings/"),
    "own-extension": (lambda c, s: f"{c.at('%Y%m%d%H%M%S')}_{c.did}_{c.extension}.mp3", "/Recordings/"),
    "oreka": (lambda c, s: f"{c.at('%Y%m%d_%H%M%S')}_{_letters(s)}.wav", "/audio/%Y/%m/%d/"),
    "miarec-default": (lambda c, s: f"{c.at('%Y%m%d%H%M%S')}.mp3", "/Recordings/%Y%m%d/"),
    "zoom-cloud": (lambda c, s: f"GMT{c.at('%Y%m%d-%H%M%S')}_Recording_1920x1080.mp4", "/zoom/"),
    "zoom-local": (lambda c, s: f"{s.rng.choice(('video', 'audio'))}{s.rng.randint(10 ** 9, 10 ** 10)}.mp4", "/Zoom/"),
    "teams": (lambda c, s: f"Meeting in _General_-{c.at('%Y%m%d_%H%M%S')}-Meeting Recording.mp4", "/Recordings/"),
    "webex": (lambda c, s: f"Weekly-{c.at('%Y%m%d %H%M')}-1.mp4", "/webex/"),
    "twilio": (lambda c, s: f"RE{_hex(s)}.mp3", "/Recordings/"),
    "genesys": (lambda c, s: f"{c.uuid}{s.rng.choice(('.ogg', '_metadata.json'))}", "/export/"),
    "rtpengine": (_rtpengine, "/rtpengine/pcaps/"),
    "innovaphone": (_innovaphone, "/recordings/"),
    "puzzel": (lambda c, s: f"{c.at('%y%m%d%H%M%S')}{s.digits(3)}_1.{s.rng.choice(('mp3', 'xml'))}", "/puzzel/"),
    "avaya": (_avaya, "/871/001/"),
    "huawei-cec": (lambda c, s: f"{c.at('%Y%m%d%H%M%S')}{s.digits(3)}{s.digits(3)}_record_0.csv", "/export/"),
    "callrecorder": (lambda c, s: f"rec_outgoing_-{s.rng.randrange(2 ** 31)}.amr", "/CallRecorder/"),
    "dictation": (lambda c, s: f"DS{c.serial % 10_000:06d}.DS2", "/diktat/"),
    "axon": (lambda c, s: f"AXON Body 2 Video {c.at('%Y-%m-%d %H%M')}.mp4", "/bodycam/"),
    "dahua": (lambda c, s: f"{c.at('%H.%M.%S')}-{c.at('%H.%M.59')}[R][0@0][0].dav", "/%Y-%m-%d/001/dav/"),
    "dahua-export": (_dahua, "/nvr/"),
    "hikvision": (_hikvision, "/cam/"),
    "hikvision-ch": (lambda c, s: f"ch01_{c.serial:017d}.mp4", "/cam/"),
    "synology": (lambda c, s: f"Entre-{c.at('%Y%m%d-%H%M%S')}-{c.moment}.mp4", "/surveillance/Entre/"),
    "maildir": (_maildir, "/Maildir/cur/"),
}

TIMES = {                                    # every form in which a time stands in names
    "ymd": "%Y%m%d", "ymdhms": "%Y%m%d%H%M%S", "ymd-hms": "%Y%m%d-%H%M%S", "ymd_hms": "%Y%m%d_%H%M%S",
    "ymdhm": "%Y%m%d%H%M", "ymd-hm": "%Y%m%d-%H%M", "ymdh": "%Y%m%d%H", "iso": "%Y-%m-%dT%H:%M:%SZ",
    "iso-dashes": "%Y-%m-%d-%H-%M-%S", "iso-day": "%Y-%m-%d", "iso-basic": "%Y%m%dT%H%M%SZ", "dmy8": "%d%m%Y",
    "dmy8hms": "%d%m%Y%H%M%S", "dmy8hm": "%d%m%Y%H%M", "dmy6": "%d%m%y", "dmy6hm": "%d%m%y%H%M",
    "dmy6-hm": "%d%m%y-%H%M", "dmy6hms": "%d%m%y%H%M%S", "dmy6 hms": "%d%m%y %H%M%S", "ymd6": "%y%m%d",
    "ymd6hm": "%y%m%d%H%M", "ymd6-hm": "%y%m%d-%H%M", "ymd6hms": "%y%m%d%H%M%S", "mdy8": "%m%d%Y",
    "mdy6hm": "%m%d%y%H%M", "dmy-dots": "%d.%m.%Y %H.%M", "dmy-dashes": "%d-%m-%Y_%H-%M-%S",
    "month-word": "%d%b%Y_%H%M", "year-day": "%Y%j", "year-day-time": "%Y%j%H%M%S", "epoch": "%s",
    "epoch-ms": "%s000", "epoch-us": "%s000000", "epoch-dot": "%s.%f",
}
AROUND = (("", ".wav"), ("rec_", ".mp3"), ("", "_1.wav"), ("Inspelning ", ".m4a"), ("cam1-", ".jpg"))


def timed(scene: Scene, form: str) -> list[str]:
    """Names of nothing but a time, and what a product sets around it; the finer digits are not all nought."""
    before, after = scene.rng.choice(AROUND)

    def one(moment: int) -> str:
        text = Call(moment, "", (), True, "", "", "", 0, "", "").at(form.replace("%s", str(moment)))
        return before + (text[:-3] + scene.digits(3) if "000" in form else text) + after

    return [one(moment) for moment in scene.moments]
