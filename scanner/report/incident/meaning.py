"""What kinds of files and words around them mean for people: who they may be, what data, what may follow. Words only.

None of it is a finding of fact: names of files and folders suggest it, and the pack says by which word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scanner.model import Finding

_PERSONS_BY_WORD = {                         # word class -> who may be concerned
    "health": "patients, clients and people who seek care",
    "social-legal": "people in contact with social services, courts or the police",
    "minors": "children and young people",
    "hr": "employees and applicants",
    "finance": "customers and payers",
    "identity": "people who had to show who they are",
    "recording": "people who called or were called, and those who answered",
}
_PERSONS_BY_KIND = {                         # class of files -> who may be concerned
    "audio": "people who speak in the recordings",
    "transcript": "people whose words were written down",
    "dictation": "people who are spoken about, as patients or clients",
    "voicemail": "people who left a message",
    "video": "people in view", "surveillance": "people in view of cameras",
    "capture": "people whose calls were captured",
    "mail": "senders and recipients of mail, and people written about",
    "chat": "people who wrote to each other",
    "calendar": "people who were to meet, and contacts",
    "export": "people on the lists", "accounting": "customers, suppliers and employees",
    "database": "people in the records", "machine-backup": "users of the machine and people in its files",
    "phone-backup": "the owner of the telephone and the contacts in it",
    "health": "patients", "identity": "holders of the documents", "fax": "senders, recipients and people written about",
    "log": "users of the systems logged",
}
_DATA_BY_KIND = {                            # class of files -> categories of data
    "audio": "voices and what was said", "transcript": "what was said, in writing",
    "dictation": "what was dictated, in such formats commonly by doctors and lawyers",
    "voicemail": "voices and messages", "video": "pictures", "surveillance": "pictures of people at places and times",
    "capture": "calls as they went over the wire",
    "mail": "correspondence, addresses and attachments", "chat": "messages", "calendar": "appointments and contacts",
    "export": "lists, such as of customers or members", "accounting": "books, invoices and payments",
    "database": "records of unknown content", "machine-backup": "copies of whole machines, with all that lay on them",
    "phone-backup": "messages, pictures and contacts of a telephone", "health": "health records or images",
    "identity": "copies of identity documents", "fax": "faxes and scanned papers",
    "log": "records of use, often with addresses",
    "key": "keys that open other systems", "secret": "passwords or tokens", "password-list": "passwords",
    "source": "source code and its history, which may hold passwords", "archive": "archives of unknown content",
    "encrypted": "files that are unintelligible without their key", "ransom": "notes of extortion",
    "document": "documents of unknown content",
}
_DATA_BY_WORD = {
    "health": "data on health, by the words around the files (Article 9 GDPR where it applies)",
    "social-legal": "data on social or legal matters, which may include offences (Article 10 GDPR where it applies)",
    "finance": "financial data", "hr": "data on employment", "minors": "data on children",
    "identity": "data that identify",
}
_DATA_BY_IDENTIFIER = {
    "phone": "telephone numbers", "email": "mail addresses", "name": "names of people", "uuid": "pseudonyms",
    "extension": "extensions and agents", "reference": "case numbers", "imei": "numbers of devices",
    "imsi": "numbers of subscriptions",
}                                            # all others are identity numbers
_SPEECH = frozenset({"audio", "transcript", "dictation", "voicemail", "capture"})
_PICTURES = frozenset({"video", "surveillance"})
_OPENERS = frozenset({"key", "secret", "password-list", "source"})
_LETTERS = frozenset({"mail", "chat", "fax", "calendar", "phone-backup"})
_RECORDS = frozenset({"database", "export", "machine-backup", "archive", "accounting", "document"})

_CONSEQUENCES = (                            # any of these kinds, word classes or identifiers -> what may follow
    (frozenset({"health", "dictation"}),
     "Health becomes known to strangers: shame, exclusion, trouble at work or with insurers, extortion."),
    (frozenset({"social-legal"}),
     "Social or legal trouble becomes known: stigma, and danger for people who are hidden from somebody."),
    (frozenset({"minors"}),
     "Children are concerned: they cannot protect themselves, and what is known of them stays known for long."),
    (_SPEECH,
     "What people said in confidence can be heard or read by strangers: they may be recognised by voice, name or "
     "number, be exposed or put under pressure."),
    (_PICTURES, "People can be recognised in pictures, with place and time: stalking, exposure."),
    (frozenset({"identity"}), "Identity numbers or documents allow identity theft and fraud in another person's name."),
    (frozenset({"phone", "email", "name"}),
     "Names show who was in contact with whom and when, without any file being opened; fraud by call or mail."),
    (_LETTERS, "Correspondence becomes known: exposure of those who wrote, convincing fraud with true details."),
    (frozenset({"finance", "accounting"}), "Payments and accounts become known: fraud with true details."),
    (frozenset({"hr"}), "Matters of employment become known: conflict at work, disadvantage with other employers."),
    (_RECORDS, "Records of unknown content may hold anything from addresses to payments: fraud, unwanted contact."),
    (_OPENERS, "Keys, passwords or source code open other systems: the breach may reach further than this store."),
    (frozenset({"ransom"}),
     "Notes of extortion lie there: somebody has been in already, and copies may be sold or published."),
    (frozenset({"encrypted"}),
     "Encrypted files stay unintelligible as long as their key is safe; whether it is, is not known."),
)


def persons(finding: Finding) -> Iterator[tuple[str, str]]:
    """Who may be concerned, and what suggests it."""
    for group, words in finding.store.words.items():
        if group in _PERSONS_BY_WORD:
            yield _PERSONS_BY_WORD[group], f"words of the class {group}: {_listed(words)}"
    for kind in _personal(finding):
        if kind in _PERSONS_BY_KIND:
            yield _PERSONS_BY_KIND[kind], f"files of the class {kind}: {finding.store.kinds[kind].files:,}"


def data(finding: Finding) -> Iterator[tuple[str, str]]:
    """Categories of data, and what suggests each."""
    for kind in _personal(finding):
        if kind in _DATA_BY_KIND:
            yield _DATA_BY_KIND[kind], f"files of the class {kind}: {finding.store.kinds[kind].files:,}"
    for people in finding.store.people:
        named = _DATA_BY_IDENTIFIER.get(people.kind, f"identity numbers ({people.kind})")
        yield named, f"{people.files:,} file names, {people.certainty.label}"
    for group, words in finding.store.words.items():
        if group in _DATA_BY_WORD:
            yield _DATA_BY_WORD[group], f"words of the class {group}: {_listed(words)}"


def consequences(finding: Finding) -> list[str]:
    """What may follow for the people concerned, in plain words, the gravest first."""
    seen = {people.kind if people.kind in _DATA_BY_IDENTIFIER else "identity" for people in finding.store.people}
    signs = {*finding.store.kinds, *finding.store.words, *seen}
    return [text for which, text in _CONSEQUENCES if which & signs]


def opens_more(finding: Finding) -> bool:
    """Whether something listed opens other systems, so that keys and passwords have to be changed."""
    return any(kind in _OPENERS for kind in finding.store.kinds)


def _personal(finding: Finding) -> list[str]:
    """Classes of files, most files first."""
    kinds: Mapping[str, object] = finding.store.kinds
    return sorted(kinds, key=lambda kind: (-finding.store.kinds[kind].files, kind))


def _listed(words: tuple[str, ...]) -> str:
    more = len(words) - 6
    return ", ".join(words[:6]) + (f" and {more} more" if more > 0 else "")
