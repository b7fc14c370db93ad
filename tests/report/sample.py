"""A made-up report with everything in it: what the sample files under reports/ are written from."""

from __future__ import annotations

from dataclasses import replace

from scanner.model import (
    Access,
    Authorisation,
    Certainty,
    Column,
    Conduct,
    Coverage,
    Doorway,
    Evidence,
    Factors,
    Finding,
    Gap,
    Hours,
    Owner,
    Pack,
    Part,
    People,
    Reason,
    Report,
    ScanInfo,
    Severity,
    Store,
    Tally,
    TargetCoverage,
    Tool,
    Vantage,
)

SEEN = {"first_seen": "2026-11-21T20:03:11Z", "last_seen": "2026-11-21T20:31:40Z"}
PHONES = People(kind="phone", files=57_000, distinct=41_000, certainty=Certainty.CERTAIN, example="0701•••605")

CALLS = Finding(
    id="v1:6f1d0c3a9be24875",
    title="Recorded calls of a helpline, open to anyone",
    severity=Severity.VERY_HIGH,
    score=4.5,
    confidence=Certainty.CERTAIN,
    factors=Factors(
        dpc=4.0,
        ei=1.0,
        cb=0.5,
        because=(
            "kind of data 4: call recordings; the target's context says helpline, health",
            "identification 1: 57,000 files are named after a telephone number, and Swedish numbers can be looked up",
            "circumstances +0.5: anonymous, reachable from the internet, so the number of recipients is unknown",
        ),
    ),
    overall_score=3.5,
    overall_factors=Factors(dpc=4.0, ei=0.75, cb=0.5, because=("callers to a helpline identify themselves by voice",)),
    parts=(
        Part(
            path="/old/",
            score=4.5,
            severity=Severity.VERY_HIGH,
            factors=Factors(dpc=4.0, ei=1.0, cb=0.5, because=("telephone numbers are the file names",)),
            files=57_000,
            people=(PHONES,),
        ),
        Part(
            path="/",
            score=3.5,
            severity=Severity.HIGH,
            factors=Factors(dpc=4.0, ei=0.75, cb=0.5, because=("callers to a helpline identify themselves by voice",)),
            files=2_643_000,
        ),
    ),
    vantage=Vantage.INTERNET,
    tags=("live", "http-on-tls-port"),
    urgency="stop-now",
    status="new",
    doors=(
        Doorway(
            protocol="http",
            host="files.example.org",
            address="192.0.2.7",
            port=443,
            tls=False,
            url="http://files.example.org:443/",
            access=Access.ANONYMOUS,
            product="Apache 2.4.7",
            target="Telephony",
        ),
        Doorway(
            protocol="http",
            host=None,
            address="192.0.2.7",
            port=8080,
            tls=False,
            url="http://192.0.2.7:8080/share/",
            access=Access.ANONYMOUS,
            product="Apache 2.4.7",
            target="Telephony",
        ),
    ),
    store=Store(
        files=2_700_000,
        directories=2_190,
        bytes=2_448_000_000_000,
        bytes_exact=False,
        complete=True,
        cut_by=None,
        first="2013-04-12",
        last="2026-11-21",
        live=True,
        kinds={
            "audio": Tally(files=2_699_400, bytes=2_447_900_000_000),
            "text": Tally(files=600, bytes=100_000_000),
        },
        hours=Hours(low=122_000, best=170_000, high=245_000, method="MP3 at 16 to 32 kbit/s, WAV by its frames"),
        people=(PHONES,),
        entries_sample=("/2026/11/21/rec-•••.mp3", "/2026/11/21/rec-•••.wav", "/old/0701•••605.mp3"),
        named_first="2013-04-12",
        named_last="2026-11-21",
        inflow={"2026-11-19": 940, "2026-11-20": 1_015, "2026-11-21": 612},
        empty_recordings=4_210,
        columns=(
            Column(path="/old/", shape="0000000000", place=0, kind="phone", certainty=Certainty.CERTAIN, names=57_000,
                   files=57_000, distinct=41_000,
                   because="all are telephone numbers of Sweden that may exist; 41,000 different ones; no dates"),
            Column(path="/2026/11/21/", shape="aaa-00000000-000000", place=4, kind="timestamp",
                   certainty=Certainty.CERTAIN, names=612, files=612, distinct=1,
                   because="all are dates; all are the day that the listing shows"),
        ),
        words={"health": ("helpline", "vård"), "recording": ("rec",)},
    ),
    signatures=("recording/number-only", "listing/apache-autoindex"),
    evidence=(
        Evidence(
            url="http://files.example.org:443/",
            fact="GET / answered 200 with a list of 14 folders, without asking who we are",
            excerpt="Index of / · 2013/ · 2014/ · 2015/ · 2016/ · 2017/ · … · 2026/ · old/",
        ),
        Evidence(
            url="http://files.example.org:443/old/",
            fact="57,000 of 57,000 names are telephone numbers",
            excerpt="0701•••605.mp3  2014-03-02 09:14  412K",
        ),
        Evidence(
            url="http://files.example.org:443/",
            fact="the port is meant for TLS, and plain HTTP answered",
            excerpt="HTTP/1.1 200 OK · Server: Apache/2.4.7",
        ),
    ),
    owner=Owner(
        label="Telephony",
        controller="Region Example",
        processor="Helpline contractor",
        sub_processor="Recording contractor",
        hosting=None,
    ),
    remedy=(
        "Keep the access log before anything else: it alone tells who was here.",
        "Close the port at the firewall now, for the name and for the bare address.",
        "Move the recordings out of the web server's folder; switching the listing off leaves every file reachable.",
        "Ask the processor who else holds a copy, and since when the folder was open.",
    ),
    references=("https://httpd.apache.org/docs/2.4/mod/mod_autoindex.html", "https://eur-lex.europa.eu/eli/reg/2016/679"),
    regions=("SE",),
    **SEEN,
)

DICTATIONS = Finding(
    id="v1:a3c09f5512de8b71",
    title="Dictations of a clinic",
    severity=Severity.HIGH,
    score=3.5,
    confidence=Certainty.PROBABLE,
    factors=Factors(
        dpc=4.0,
        ei=0.75,
        cb=0.5,
        because=(
            "kind of data 4: dictation formats; the path says clinic",
            "identification 0.75: dictations name the patient as a rule",
            "circumstances +0.5: anonymous, reachable from the internet",
        ),
    ),
    overall_score=3.5,
    parts=(),
    vantage=Vantage.INTERNET,
    tags=("shared-hosting",),
    urgency="stop-now",
    status="new",
    doors=(
        Doorway(
            protocol="http",
            host="clinic.example.org",
            address="192.0.2.44",
            port=8080,
            tls=False,
            url="http://clinic.example.org:8080/dictation/",
            access=Access.ANONYMOUS,
            target="Telephony",
        ),
    ),
    store=Store(
        files=8_088,
        directories=52,
        bytes=8_600_000_000,
        bytes_exact=False,
        complete=True,
        cut_by=None,
        first="2017-01-09",
        last="2024-06-28",
        live=False,
        kinds={"audio": Tally(files=8_088, bytes=8_600_000_000)},
        hours=Hours(low=1_200, best=1_400, high=2_900, method="DS2 at 13.6 kbit/s"),
        people=(),
        entries_sample=("/dictation/2024-26/DS•••.ds2", "/dictation/2024-25/DS•••.ds2"),
    ),
    signatures=("files/dictation",),
    evidence=(
        Evidence(
            url="http://clinic.example.org:8080/dictation/",
            fact="GET /dictation/ answered 200 with a list of 52 folders",
            excerpt="2024-24 · 2024-25 · 2024-26",
        ),
    ),
    owner=Owner(label="Telephony", controller="Region Example"),
    remedy=(
        "Close the port, then ask the host whether the address is shared with others.",
        "Move the dictations out of the web server's folder.",
    ),
    references=(),
    regions=("SE", "NO"),
    **SEEN,
)

EXPORTS = Finding(
    id="v1:0b52e7741f98ac66",
    title="Customer exports of a booking system",
    severity=Severity.MEDIUM,
    score=2.75,
    confidence=Certainty.PROBABLE,
    factors=Factors(
        dpc=3.0,
        ei=0.75,
        cb=0.5,
        because=(
            "kind of data 3: tables and database dumps of unknown content",
            "identification 0.75: 12 names carry a mail address",
            "circumstances +0.5: anonymous, reachable from the internet",
        ),
    ),
    overall_score=2.75,
    parts=(),
    vantage=Vantage.INTERNET,
    tags=("rolling-window",),
    urgency="today",
    status="open",
    doors=(
        Doorway(
            protocol="http",
            host="booking.example.org",
            address="192.0.2.131",
            port=443,
            tls=True,
            url="https://booking.example.org:443/exports/",
            access=Access.ANONYMOUS,
            product="nginx",
            target="Booking",
        ),
    ),
    store=Store(
        files=1_912,
        directories=9,
        bytes=8_412_000_000,
        bytes_exact=True,
        complete=False,
        cut_by="depth",
        first="2025-11-02",
        last="2026-11-20",
        live=True,
        kinds={
            "table": Tally(files=1_840, bytes=7_900_000_000),
            "database": Tally(files=60, bytes=510_000_000),
            "archive": Tally(files=12, bytes=2_000_000),
        },
        hours=None,
        people=(
            People(kind="email", files=12, distinct=9, certainty=Certainty.PROBABLE, example="k•••@example.org"),
        ),
        entries_sample=("/exports/2026-11-20/customers-•••.csv", "/exports/2026-11-20/booking.sql.gz"),
    ),
    signatures=("files/table-export", "listing/nginx-autoindex"),
    evidence=(
        Evidence(
            url="https://booking.example.org:443/exports/",
            fact="GET /exports/ answered 200 with a list of 9 folders",
            excerpt="Index of /exports/ · 2026-11-12/ · 2026-11-13/ · 2026-11-14/",
        ),
    ),
    owner=Owner(label="Booking", hosting="Machine hall north"),
    remedy=(
        "Put the exports behind a login, or write them where no web server looks.",
        "Change the passwords that a database dump may hold.",
    ),
    references=("https://nginx.org/en/docs/http/ngx_http_autoindex_module.html",),
    first_seen="2026-11-07T04:10:00Z",
    last_seen="2026-11-21T20:12:05Z",
)

MIRROR = Finding(
    id="v1:c91a2b7e55d01f34",
    title="Mirror of free software",
    severity=Severity.INFO,
    score=0.5,
    confidence=Certainty.CERTAIN,
    factors=Factors(dpc=0.0, ei=0.0, cb=0.5, because=("nothing personal is seen: packages and their checksums",)),
    overall_score=0.5,
    parts=(),
    vantage=Vantage.INTERNAL,
    tags=(),
    urgency="plan",
    status="open",
    doors=(
        Doorway(
            protocol="http",
            host=None,
            address="192.0.2.214",
            port=80,
            tls=False,
            url="http://192.0.2.214:80/debian/",
            access=Access.ANONYMOUS,
            product="lighttpd 1.4",
            target="192.0.2.192/27",
        ),
    ),
    store=Store(
        files=61_204,
        directories=5_310,
        bytes=412_000_000_000,
        bytes_exact=True,
        complete=True,
        cut_by=None,
        first="2021-08-14",
        last="2026-11-21",
        live=True,
        kinds={"package": Tally(files=58_000, bytes=411_000_000_000), "text": Tally(files=3_204, bytes=1_000_000_000)},
        hours=None,
        people=(),
        entries_sample=("/debian/dists/", "/debian/pool/"),
    ),
    signatures=("files/software-mirror", "listing/lighttpd"),
    evidence=(
        Evidence(
            url="http://192.0.2.214:80/debian/",
            fact="GET /debian/ answered 200 with a list of 6 folders",
            excerpt="Index of /debian/ · dists/ · pool/ · project/",
        ),
    ),
    owner=Owner(),
    remedy=("Nothing to close. Name it in the scope file if it should not be listed again.",),
    references=(),
)


def _target(label: str | None, what: str, *numbers: int) -> TargetCoverage:
    addresses, answered, endpoints, findings = numbers
    return TargetCoverage(
        label=label, what=what, addresses=addresses, answered=answered, endpoints=endpoints, findings=findings
    )


REPORT = Report(
    tool=Tool(name="earshot", version="0.1.0"),
    signatures=Pack(sha256="9d4e1c0b7a35f2866b1e90d2c7f4a8135e6b0d9c2f7a41835b6c0e9d1f2a7b48", count=31),
    scan=ScanInfo(
        id="2026-11-21-200000-4f2a",
        started="2026-11-21T20:00:00Z",
        finished="2026-11-21T20:41:12Z",
        complete=True,
        profile="standard",
        score_table="ENISA 2013",
        user_agent="earshot/0.1.0 (+security@example.org; authorised listing scan)",
        scope_sha256="41b7f0c2d98e5a6631f0b8a7c2d4e9f15a6b7c8d9e0f1a2b3c4d5e6f708192a3",
        authorisation=Authorisation(
            organisation="Region Example",
            authorised_by="Chief information security officer",
            reference="SEC-2026-117",
            valid_from="2026-11-01",
            valid_until="2026-12-31",
            contact="security@example.org",
        ),
    ),
    coverage=Coverage(
        addresses=193,
        ports_tried=7_334,
        ports_open=64,
        endpoints=41,
        gaps={"timeout": 96, "login": 11, "cut": 1, "server-error": 2, "not-tried": 34, "out-of-scope": 3, "name": 1},
        targets=(
            _target("Telephony", "192.0.2.0/25", 128, 9, 21, 2),
            _target("Booking", "booking.example.org", 1, 1, 3, 1),
            _target(None, "192.0.2.192/27", 32, 14, 17, 1),
            _target("Archive", "192.0.2.224/27", 32, 0, 0, 0),
        ),
    ),
    findings=(CALLS, DICTATIONS, EXPORTS, MIRROR),
    gaps=(
        Gap(addresses="192.0.2.224-255", ports="21, 80, 443", probe="connect", reason=Reason.TIMEOUT, count=96),
        Gap(addresses="192.0.2.9", ports="80", probe="http", reason=Reason.NOT_TRIED, detail="25 asked", count=34),
        Gap(addresses="192.0.2.0-127", ports="80, 8080", probe="http", reason=Reason.LOGIN, count=11),
        Gap(
            addresses="192.0.2.7",
            ports="443",
            probe="http",
            reason=Reason.OUT_OF_SCOPE,
            detail="a link leads to cdn.example.net",
            count=3,
        ),
        Gap(addresses="192.0.2.11", ports="8080", probe="http", reason=Reason.SERVER_ERROR, detail="502", count=2),
        Gap(addresses="192.0.2.131", ports="443", probe="http", reason=Reason.CUT, detail="depth 16", count=1),
        Gap(addresses="old.example.org", ports="", probe="names", reason=Reason.NAME, detail="NXDOMAIN", count=1),
    ),
    conduct=Conduct(
        requests={"GET": 9_204, "PROPFIND": 6, "OPTIONS": 4},
        bytes_sent=3_120_400,
        bytes_received=391_004_112,
        addresses_contacted=193,
        source_addresses=("198.51.100.20",),
        declared_by_nmap=0,
        refused_bodies=12,
        largest_refused_body=1_024,
        file_contents_requested=0,
    ),
)

EMPTY = replace(
    REPORT,
    findings=(),
    scan=replace(REPORT.scan, complete=False),
    coverage=replace(REPORT.coverage, targets=tuple(replace(t, findings=0) for t in REPORT.coverage.targets)),
)


def many(number: int) -> Report:
    """The sample with `number` findings, worst first."""
    kinds = (CALLS, EXPORTS, MIRROR)
    cut = (number // 10, number // 2)
    made = (kinds[0] if i < cut[0] else kinds[1] if i < cut[1] else kinds[2] for i in range(number))
    named = (replace(f, id=f"v1:{i:016x}", title=f"{f.title} {i}") for i, f in enumerate(made))
    return replace(REPORT, findings=tuple(named))
