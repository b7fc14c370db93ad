"""The scope file: every key, and every mistake with file, line and remedy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scanner.errors import ScopeError, UsageError
from scanner.model import Authorisation, Owner, Setting, Vantage
from scanner.targets.file import Declared, load
from scanner.targets.paste import scope_file

TODAY = date(2026, 11, 10)

WHOLE = """\
[authorisation]
organisation = "Region Example"
authorised_by = "Chief information security officer"
reference = "SEC-2026-117"
valid_from = 2026-11-01
valid_until = 2026-12-31
contact = "security@example.org"

[[target]]
what = ["192.0.2.0/24", "files.example.org", "s3://recordings@storage.example.org:9000"]
exclude = ["192.0.2.13"]
label = "Telephony"
controller = "Region Example"
processor = "Helpline contractor"
sub_processor = "Recording contractor"
hosting = "Machine hall north"
context = ["health", "helpline"]
vantage = "partner"
region = "SE"
resolve = "listed"
ports = [80, 443, "8000-8002", 9000]

[[target]]
what = ["192.0.2.200"]
region = ["SE", "NO"]
ssh_user = "guest"

[limits]
rate = 500
host_rate = 2.5
window = "22:00-05:00"
zone = "Europe/Stockholm"
max_duration = "2h"
max_listing_bytes = "64MiB"
max_depth = 6
max_pages = 500

[scan]
profile = "gentle"
ports = ["80,443", 8080]
discover = "connect"
fail_on = "very-high"
fail_on_gaps = true
ssh_none = true
output = ["report.html"]
signatures = ["ours"]
state = "scan.db"

[score]
table = "our-score.toml"
"""


def read(tmp_path: Path, text: str | bytes, today: date = TODAY) -> Declared:
    path = tmp_path / "scope.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(path, today=today)


def complaint(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(str(tmp_path) + "/")


def test_every_key_of_a_scope_file_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    assert found.authorisation == Authorisation(
        organisation="Region Example", authorised_by="Chief information security officer", reference="SEC-2026-117",
        valid_from="2026-11-01", valid_until="2026-12-31", contact="security@example.org",
    )
    setting = Setting(owner=Owner(label="Telephony", controller="Region Example", processor="Helpline contractor",
                                  sub_processor="Recording contractor", hosting="Machine hall north"),
                      context=("health", "helpline"), vantage=Vantage.PARTNER, regions=("SE",))
    assert [(t.what, t.setting, t.resolve, t.granted) for t in found.targets] == [
        ("192.0.2.0/24", setting, "listed", True),
        ("files.example.org", setting, "listed", True),
        ("s3://recordings@storage.example.org:9000", setting, "listed", True),
        ("192.0.2.200", Setting(regions=("SE", "NO")), "follow", True),
    ]
    assert [t.ssh_user for t in found.targets] == ["anonymous"] * 3 + ["guest"]
    assert [t.ports for t in found.targets] == [(80, 443, 8000, 8001, 8002, 9000)] * 2 + [(9000,), None]
    assert [(e.what, e.where.rpartition(":")[2]) for e in found.exclusions] == [("192.0.2.13", "11")]
    assert found.limits.model_dump() == {
        "rate": 500, "host_rate": 2.5, "window": "22:00-05:00", "zone": "Europe/Stockholm", "max_duration": 7200,
        "max_listing_bytes": 64 << 20, "max_depth": 6, "max_pages": 500,
    }
    assert found.limits.hours is not None
    assert str(found.limits.hours.zone) == "Europe/Stockholm"
    assert found.options.model_dump() == {
        "profile": "gentle", "ports": ["80,443", 8080], "discover": "connect", "fail_on": "very-high",
        "fail_on_gaps": True, "ssh_none": True, "output": ["report.html"], "signatures": ["ours"], "state": "scan.db",
    }
    assert found.score_table == tmp_path / "our-score.toml"
    assert found.warnings == ()


def test_a_file_with_nothing_but_targets_is_enough_to_read(tmp_path: Path) -> None:
    found = read(tmp_path, '\ufeff[[target]]\r\nwhat = ["127.0.0.1"]\r\n')
    assert (found.authorisation, found.score_table, found.limits.hours) == (None, None, None)
    assert [t.granted for t in found.targets] == [False]


AUTHORISED = '[authorisation]\norganisation = "Region Example"\nauthorised_by = "CISO"\n'
TARGET = '[[target]]\nwhat = ["192.0.2.0/24"]\n'


@pytest.mark.parametrize(("text", "expected"), [
    ("", "scope.toml: names no target"),
    (AUTHORISED, "scope.toml: names no target"),
    ("[[target]]\nwhat = []\n", "scope.toml: names no target"),
    (TARGET + 'exlude = ["192.0.2.13"]\n', "scope.toml:3: unknown key 'exlude' in [target]; `exclude` is meant?"),
    (TARGET + TARGET + 'label = "a"\nspeed = 3\n', "scope.toml:6: unknown key 'speed' in [target]; known are what,"),
    (TARGET + "[limit]\nrate = 3\n", "scope.toml:3: unknown key 'limit'; `limits` is meant?"),
    (TARGET + "[limits]\nrates = 3\n", "scope.toml:4: unknown key 'rates' in [limits]; `rate` is meant?"),
    ("colour = 3\n" + TARGET, "scope.toml:1: unknown key 'colour'; known are authorisation, target"),
    ("[[target]]\nlabel = 'a'\n", "scope.toml:1: [target] lacks `what`"),
    ("[[target]]\nwhat = '192.0.2.0/24'\n", "scope.toml:2: `what` is '192.0.2.0/24': input should be a valid list"),
    ("[target]\nwhat = ['192.0.2.0/24']\n", "scope.toml:1: a target stands in two pairs of brackets; write [[target]]"),
    (TARGET + "ports = [0]\n", "scope.toml:3: `ports` is '[0]': the list of ports has '0' for a port"),
    (TARGET + "ports = []\n", "scope.toml:3: `ports` is '[]'"),
    (TARGET + "ports = '80'\n", "scope.toml:3: `ports` is '80'"),
    (TARGET + "vantage = 'outside'\n", "scope.toml:3: `vantage` is 'outside': input should be 'internet', 'partner'"),
    (TARGET + "resolve = true\n", "scope.toml:3: `resolve` is 'True'"),
    (TARGET + "region = 'Sweden'\n", "scope.toml:3: `region` is 'Sweden': write the two capital letters"),
    (TARGET + "region = ['UK']\n", "scope.toml:3: `region` is 'UK': write the two capital letters"),
    (TARGET + "label = '  '\n", "scope.toml:3: `label` is '  '"),
    (TARGET + "[limits]\nrate = '500'\n", "scope.toml:4: `rate` is '500': input should be a valid number"),
    (TARGET + "[limits]\nrate = 0\n", "scope.toml:4: `rate` is '0': input should be greater than 0"),
    (TARGET + "[limits]\nmax_depth = 1.5\n", "scope.toml:4: `max_depth` is '1.5'"),
    (TARGET + "[limits]\nmax_duration = 'soon'\n", "scope.toml:4: `max_duration` is 'soon': 'soon' is no duration"),
    (TARGET + "[limits]\nmax_duration = 1.5\n", "scope.toml:4: `max_duration` is '1.5': '1.5' is no duration"),
    (TARGET + "[limits]\nmax_listing_bytes = 'all'\n", "scope.toml:4: `max_listing_bytes` is 'all': 'all' is no size"),
    (TARGET + "[limits]\nmax_listing_bytes = [1]\n", "scope.toml:4: `max_listing_bytes` is '[1]'"),
    (TARGET + "[limits]\nwindow = 'night'\n",
     "scope.toml:3: [limits] has no usable window: 'night' is no window; write such as 22:00-05:00"),
    (TARGET + "[limits]\nzone = '../../etc/passwd'\n", "scope.toml:3: [limits] has a zone '../../etc/passwd'"),
    (TARGET + "[limits]\nzone = 'Mars/Olympus'\n",
     "scope.toml:3: [limits] has a zone 'Mars/Olympus' that this machine does not know; write such as"),
    (TARGET + "[scan]\nprofile = 'fast'\n", "scope.toml:4: `profile` is 'fast': input should be 'gentle', 'standard'"),
    (TARGET + "[scan]\nports = ['x']\n", "scope.toml:4: `ports` is"),
    (TARGET + "[score]\n", "scope.toml:3: [score] lacks `table`"),
    ("[authorisation]\norganisation = ''\nauthorised_by = 'CISO'\n" + TARGET, "scope.toml:2: `organisation` is ''"),
    ("[authorisation]\nauthorised_by = 'CISO'\n" + TARGET, "scope.toml:1: [authorisation] lacks `organisation`"),
    (AUTHORISED + "valid_until = 'soon'\n" + TARGET, "scope.toml:4: `valid_until` is 'soon'"),
    (AUTHORISED + "valid_until = 2026-12-31T10:00:00\n" + TARGET, "scope.toml:4: `valid_until` is '2026-12-31 10"),
    (AUTHORISED + 'contact = "a@example.org\\r\\nHost: x"\n' + TARGET, "scope.toml:4: `contact` is"),
    (AUTHORISED + "valid_until = 2026-11-09\n" + TARGET, "scope.toml:4: the authorisation expired on 2026-11-09"),
    (AUTHORISED + "valid_from = 2026-11-11\n" + TARGET,
     "scope.toml:4: the authorisation is not valid before 2026-11-11"),
    ("[[target]]\nwhat = [\n  '192.0.2.0/24',\n  '192.0.2.7/24',\n]\n", "scope.toml:4: '192.0.2.7/24' is no network"),
    ("[[target]]\nwhat = ['a.example.org', '*.example.org']\n", "scope.toml:2: '*.example.org' has a wildcard"),
    ('[[target]]\nwhat = ["\\u0031"]\n', "scope.toml:2: '1' ends in a number"),
    (TARGET + "exclude = ['192.0.2.13:80']\n", "scope.toml:3: '192.0.2.13:80' has a port or path"),
    ("[[target]]\nwhat = ['192.0.2.7:8080']\nports = [80]\n",
     "scope.toml:2: 192.0.2.7:8080 has a port that `ports` of its table leaves out"),
    ('target = [{what = ["192.0.2.7/24"]}]\n', "scope.toml:1: '192.0.2.7/24' is no network"),
    ('[["\\u0074arget"]]\nwhat = ["192.0.2.7/24"]\n', "scope.toml: '192.0.2.7/24' is no network"),
    ("target = 3\n", "scope.toml:1: a target stands in two pairs of brackets"),
    ("[[target]]\n[[target.what]]\n", "scope.toml:"),
    ("[[target]\n", "scope.toml: is no valid TOML: "),
    (b"[[target]]\nwhat = ['\xff']\n", "scope.toml:2: is not UTF-8"),
])
def test_a_mistake_is_told_in_one_line_with_its_place_and_remedy(
    tmp_path: Path, text: str | bytes, expected: str
) -> None:
    assert complaint(tmp_path, text)[: len(expected)] == expected


def test_further_mistakes_are_counted(tmp_path: Path) -> None:
    assert complaint(tmp_path, TARGET + "[limits]\nrates = 3\nhost_rates = 3\n").endswith("(and 1 more)")


def test_a_file_that_is_not_there_or_has_no_end_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ScopeError, match=r"scope\.toml: cannot be read \(No such file"):
        load(tmp_path / "scope.toml", today=TODAY)
    with pytest.raises(ScopeError, match="is larger than 16 MiB"):
        load(Path("/dev/zero"), today=TODAY)


@pytest.mark.parametrize(("today", "warning"), [
    (date(2026, 12, 16), None), (date(2026, 12, 17), "in 14 days"), (date(2026, 12, 31), "today"),
])
def test_a_warning_comes_fourteen_days_before_the_authorisation_ends(
    tmp_path: Path, today: date, warning: str | None
) -> None:
    found = read(tmp_path, WHOLE, today).warnings
    assert [text.rpartition(", ")[2] for text in found] == ([warning] if warning else [])


def test_a_missing_contact_is_warned_of(tmp_path: Path) -> None:
    assert "no contact under [authorisation]" in read(tmp_path, AUTHORISED + TARGET).warnings[0]


def test_a_long_list_of_targets_finds_the_line_of_each(tmp_path: Path) -> None:
    lines = [f"  '192.0.2.{n}',   # rack {n}\n" for n in range(200)]
    found = read(tmp_path, "[[target]]\nwhat = [\n" + "".join(lines) + "]\n")
    assert [int(t.where.rpartition(":")[2]) for t in found.targets] == list(range(3, 203))


def test_the_scope_file_to_paste_is_read_back_once_its_blanks_are_filled(tmp_path: Path) -> None:
    what = ["192.0.2.0/24", "http://files.example.org/å'\"/", "bücher.example"]
    text = scope_file(what, ["192.0.2.13"], today=TODAY)
    assert "`organisation` is ''" in complaint(tmp_path, text)
    found = read(tmp_path, text.replace('""', '"somebody"'))
    assert [t.what for t in found.targets] == what
    assert [e.what for e in found.exclusions] == ["192.0.2.13"]
    assert found.authorisation is not None
    assert (found.authorisation.valid_from, found.authorisation.valid_until) == ("2026-11-10", "2026-12-10")
