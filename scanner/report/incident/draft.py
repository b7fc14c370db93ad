"""The draft of a notification for one finding: what can be known without opening a file, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scanner.model import Deadline, Doorway, Factors, Finding, Part, People, Report
from scanner.report import owners, words
from scanner.report.incident import clocks, contents, meaning, steps
from scanner.report.incident.clocks import Clock
from scanner.report.incident.form import Blank, Block, Cell, Facts, Grid, Machine, Points, Section, Words, known

DOORS = 50
NO_ADVICE = "The controller decides whether a rule applies and when its clock began; this is not legal advice."


def draft(number: int, finding: Finding, report: Report, deadlines: Sequence[Deadline]) -> Section:
    """All of it, in the order in which it is needed."""
    return Section(f"{number}. {finding.title}", tuple(_glance(finding)), (
        Section("Draft of the notification", (Words(sentence(finding)),)),
        Section("Time limits that may run", tuple(_clocks(finding, deadlines))),
        steps.steps(finding),
        Section("How it was reached", tuple(_reached(finding))),
        contents.files(finding),
        contents.times(finding),
        contents.people(finding),
        _severity(finding, report),
        Section("Likely consequences", (Points(tuple(meaning.consequences(finding) or [_NO_CONSEQUENCE])),)),
        steps.evidence(finding, report),
        Section("What is not known", (Points(tuple(_unknown(finding))),)),
        Section("Who answers for it", tuple(_owner(finding))),
        Section("Evidence and references", tuple(_evidence(finding))),
    ), finding.severity.label)


_NO_CONSEQUENCE = "None can be told from the classes of files and the words around them."


def _glance(finding: Finding) -> Iterator[Block]:
    level, urgency = words.severity(finding.severity), words.URGENCY.get(finding.urgency, finding.urgency)
    yield Facts((
        ("Severity", (f"{level}, {finding.score:g}",)),
        ("Urgency", (urgency,)),
        ("Controller", (known(owners.controller(finding.owner)),)),
        ("Where", (Machine(finding.doors[0].url),)),
        ("First seen", (clocks.said(clocks.detected(finding)),)),
        ("Last seen", (clocks.said(clocks.moment(finding.last_seen)),)),
        ("Finding", (Machine(finding.id),)),
    ))


def sentence(finding: Finding) -> str:
    """The nature of the breach in a few sentences that can be copied into a form (Article 33(3)(a) GDPR)."""
    return " ".join(_sentences(finding))


def _sentences(finding: Finding) -> Iterator[str]:
    store, at_least = finding.store, "" if finding.store.complete else "at least "
    files, folders = words.count(store.files, "file"), words.count(store.directories, "folder")
    seen, door = clocks.detected(finding), finding.doors[0]
    yield (f"{f'On {clocks.said(seen)} a' if seen else 'A'} list of {at_least}{files} in {folders} was found open to "
           f"{words.VANTAGES[finding.vantage]} ({door.access.value}, {door.protocol}, {_safe(door)}) at "
           f"{door.url}{_more(finding)}.")
    if store.hours:
        yield f"By their sizes they hold about {words.hours(store.hours.best)} of sound."
    for people in store.people:
        yield _carried(people)
    if dates := words.between(store.first, store.last):
        yield f"The files are dated {dates}{', and more are being added' if store.live else ''}."
    if contents.ROLLING & set(finding.tags):
        yield "Old files go as new ones come, so that more people may be concerned than are listed now."
    yield "No file was opened; what the files are is told by their names and folders alone."


def _carried(people: People) -> str:
    names = words.count(people.files, "file name carries", "file names carry")
    same = "one and the same" if people.distinct == 1 else f"about {people.distinct:,} different ones"
    which = f", {same}" if people.files > 1 else ""
    return f"{names} a {words.identifier(people.kind)}{which} ({people.certainty.label})."


def _more(finding: Finding) -> str:
    more = words.more(finding.doors)
    return f" {more}" if more else ""


def _safe(door: Doorway) -> str:
    return "over TLS" if door.tls else "in clear"


def _clocks(finding: Finding, deadlines: Sequence[Deadline]) -> Iterator[Block]:
    seen = clocks.said(clocks.detected(finding))
    yield Words(f"Time of detection: {seen}. Knowing of it may start the clocks below. {NO_ADVICE}")
    found = clocks.clocks(finding, deadlines)
    if found:
        yield Grid(("By, if the clock started at detection", "Who may have to tell whom", "The rule", "Applies where"),
                   tuple(map(_clock, found)))
    if not finding.regions:
        yield Facts((("Country", (Blank("the scope names no region for this target: no rule was chosen"),)),))
    if missing := clocks.uncovered(finding, deadlines):
        yield Facts((("No rule is recorded for", (", ".join(missing),)),))


def _clock(clock: Clock) -> tuple[Cell, ...]:
    rule = clock.deadline
    by = f"not later than {clocks.said(clock.until)}" if clock.until else "no hours are set"
    return by, f"{rule.who}: {rule.to}", f"{rule.law}: {rule.limit}; counted from {rule.counted_from}", rule.when


def _reached(finding: Finding) -> Iterator[Block]:
    yield Facts((
        ("Seen from", (f"the {finding.vantage.value}: open to {words.VANTAGES[finding.vantage]}",)),
        ("How sure", (finding.confidence.label,)),
        ("Remarks", tuple(words.TAGS.get(tag, tag) for tag in finding.tags) or ("none",)),
    ))
    rows = tuple(map(_door, finding.doors[:DOORS]))
    yield Grid(("Door", "Address and port", "Way in", "Server, as it calls itself", "Target"), rows)
    if len(finding.doors) > DOORS:
        yield Words(f"{len(finding.doors) - DOORS:,} more doors stand in the JSON report.")


def _door(door: Doorway) -> tuple[Cell, ...]:
    return (Machine(door.url), f"{door.address}, port {door.port}",
            f"{door.access.value}, {door.protocol}, {door.how or _safe(door)}", known(door.product, "not told"),
            known(door.target, "no label"))


def _severity(finding: Finding, report: Report) -> Section:
    many, table = "many-people" in finding.tags, report.scan.score_table or "not recorded"
    rows: list[tuple[str, tuple[Cell, ...]]] = [
        ("Level", (f"{words.severity(finding.severity)}: {finding.score:g} = {_sum(finding.factors)}",)),
        ("Method", (f"kind of data × ease of identification + circumstances; table: {table}",)),
        ("Because", finding.factors.because),
        ("More people than the method calls many", ("yes" if many else "not by what names tell",)),
        ("Unintelligible", ("yes, as far as names tell" if "unintelligible" in finding.tags else "no sign of it",)),
        ("The store as a whole", (f"{finding.overall_score:g}",)),
    ]
    head = ("Folder", "Class of files", "Score", "Files", "Factors", "Words around it", "Because")
    grids = [Grid(head, tuple(map(_part, finding.parts)))] if finding.parts else []
    return Section("Severity", (Facts(tuple(rows)), *grids))


def _part(part: Part) -> tuple[Cell, ...]:
    return (Machine(part.path), part.kind, f"{part.score:g}", f"{part.files:,}", _sum(part.factors),
            ", ".join(part.words) or "–", "; ".join(part.factors.because))


def _sum(factors: Factors) -> str:
    return f"{factors.dpc:g} × {factors.ei:g} + {factors.cb:g}"


def _unknown(finding: Finding) -> Iterator[str]:
    yield "Who looked at the list or fetched files: only the servers' logs can tell."
    yield "What the files contain: none was opened, and names may mislead."
    yield "Whether the files are encrypted where they are stored, and whether backups or copies exist elsewhere."
    yield "How many people are concerned beyond those whom names tell apart, and who they are."
    yield "Since when the door has been open: dates of files are not dates of the exposure."
    yield "Whether search engines or archives hold copies of the list or of files."
    yield "In which country the machine stands, and so whether data crossed a border."
    yield "How old the server's software is beyond what it says of itself, and whether it has known weaknesses."
    yield "Whether somebody in the organisation knew of it before: a clock may have begun earlier."
    yield "The data protection officer or other contact point (Article 33(3)(b) GDPR), and joint controllers."
    if not finding.store.complete:
        yield f"What lies beyond the limit that cut the count: {finding.store.cut_by or 'not recorded'}."
    if "writable-advertised" in finding.tags:
        yield "Whether anything was written or changed: writing is advertised, and was not tried."
    for role in owners.blanks(finding.owner):
        yield f"{role}: nobody is recorded."


def _owner(finding: Finding) -> Iterator[Block]:
    owner = finding.owner
    chain = ((word, (known(getattr(owner, member)),)) for member, word in owners.ROLES)
    yield Facts((("Target", (known(owner.label, "no label"),)), *chain))


def _evidence(finding: Finding) -> Iterator[Block]:
    yield Grid(("What was seen", "Excerpt, masked", "Where"), tuple(
        (one.fact, Machine(one.excerpt), Machine(one.url)) for one in finding.evidence[:DOORS]))
    yield Facts((
        ("Recognised by", (Machine(" ".join(finding.signatures)),)),
        ("References", tuple(map(Machine, finding.references)) or ("none",)),
    ))
