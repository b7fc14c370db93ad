"""Knowledge: all signatures, loaded once, asked by the rest. Pure but for reading the files.

What a file may say is in `form` and `kinds`, its proof in `check`. Patterns are compiled when first needed: the
built-in ones are proved by the tests, those of someone else are compiled as they are loaded.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from scanner.errors import SignatureError
from scanner.signature import file as signature_file
from scanner.signature.form import Rate, Signature
from scanner.signature.grammar import Grammar
from scanner.signature.kinds import Files, Product, Recording, Words
from scanner.signature.pattern import Sieve, compile_pattern
from scanner.signature.score import Score
from scanner.signature.table import Table, built_in, laid_over
from scanner.signature.words import Lexicon

S = TypeVar("S", bound=Signature)

_GENERAL = 8                                 # what a path named by a word class weighs against a product's
_FLAT = 2                                    # how slowly weight falls along a list of paths


@dataclass(frozen=True)
class Knowledge:
    """What is known. Built by `load`; everything derived is made when first asked for, and kept."""

    signatures: tuple[Product | Recording | Files | Words, ...]      # by id
    sha256: str                              # of the files, in the order of their ids
    table: Table                             # of the score

    @property
    def score(self) -> Score:
        """The figures that findings are judged by."""
        return self.table.score

    def scored_by(self, path: Path) -> Knowledge:
        """The same, judging by an organisation's own table. Raises `SignatureError` with every mistake in it."""
        classes = {s.group for s in self.signatures if isinstance(s, Files)}
        return replace(self, table=laid_over(path, classes=classes, words=self.contexts.keys()))

    @property
    def count(self) -> int:
        """Number of signatures."""
        return len(self.signatures)

    @functools.cached_property
    def by_id(self) -> Mapping[str, Product | Recording | Files | Words]:
        """Signatures by id."""
        return {s.id: s for s in self.signatures}

    def listing(self, facts: Mapping[str, str]) -> tuple[Product, ...]:
        """Signatures of kind listing that hold for `facts`, most specific (lowest rank) first."""
        return tuple(s for s in self._products["listing"] if s.match(facts) is not None)

    def products(self, facts: Mapping[str, str]) -> tuple[Product, ...]:
        """Signatures of kind product and access that hold for `facts`, lowest rank first."""
        both = (*self._products["access"], *self._products["product"])
        return tuple(s for s in both if s.match(facts) is not None)

    def ways(self, facts: Mapping[str, str]) -> tuple[str, ...]:
        """Documented list endpoints of the products that `facts` show, likeliest first: `dufs`, `jupyter:/hub/`."""
        known = (*self.listing(facts), *self.products(facts))
        return tuple(dict.fromkeys(way for s in known if (way := s.way(facts)) is not None))

    @functools.cached_property
    def _products(self) -> Mapping[str, tuple[Product, ...]]:
        ranked = _ranked([s for s in self.signatures if isinstance(s, Product)])
        return {kind: tuple(s for s in ranked if s.kind == kind) for kind in ("listing", "product", "access")}

    @functools.cached_property
    def grammars(self) -> tuple[Grammar, ...]:
        """Name grammars in the order in which they are tried: the first whose needs are met has the name."""
        return tuple(Grammar(s) for s in _ranked([s for s in self.signatures if isinstance(s, Recording)]))

    def prepare_products(self) -> None:
        """Compile now what the first page would make wait for: it takes longer than many pages."""
        for signature in self.signatures:
            for condition in (*signature.all, *signature.none) if isinstance(signature, Product) else ():
                compile_pattern(condition.regex)

    def prepare_names(self) -> None:
        """The same for the first name of a file."""
        self.sort("a.wav")
        self.classes_of("a.wav")
        self.recordings("a.wav")
        self.words_in("/")

    def recordings(self, name: str) -> list[tuple[Grammar, dict[str, str]]]:
        """Grammars that a decoded base name follows, in their order, with their named groups.

        One pass over the name decides for all grammars: about a microsecond where none has it.
        """
        hits = self._grammar_set.hits(name)
        told = hits is not None
        likely = self.grammars if hits is None else [self.grammars[i] for i in hits]
        found = [(grammar, grammar.match(name, found=told)) for grammar in likely]
        return [(grammar, groups) for grammar, groups in found if groups is not None]

    @functools.cached_property
    def _grammar_set(self) -> Sieve[Grammar]:
        return Sieve(self.grammars, [g.signature.all[0].regex for g in self.grammars])

    def asks(self) -> tuple[str, ...]:
        """Quoted directory paths worth asking for, likeliest first.

        A path is the likelier the earlier and the more often signatures name it; what words of personal data or a
        protocol name weighs more than what one product does.
        """
        return self._paths

    @functools.cached_property
    def _paths(self) -> tuple[str, ...]:
        weight: dict[str, float] = {}
        for signature in self.signatures:
            general = isinstance(signature, Words) and (signature.dpc or signature.voice)
            worth = _GENERAL if general or signature.kind == "access" else 1
            for place, path in enumerate(signature.paths, start=1):
                weight[path] = weight.get(path, 0.0) + worth / (place + _FLAT)
        return tuple(sorted(weight, key=lambda path: (-weight[path], len(path), path)))

    def classes_of(self, name: str) -> tuple[Files, ...]:
        """Class signatures of a decoded base name: the first that its folder confirms has it.

        Some microseconds: remember it by sort.
        """
        found: list[Files] = []
        for signature in self._candidates(name):
            if signature.named(name):
                found.append(signature)
                if not signature.placed:
                    break
        return tuple(found)

    def files_of(self, name: str, path: str = "/") -> Files | None:
        """The class signature of a file by its decoded base name and the path of its folder."""
        facts = {"entry.path": path}
        return next((signature for signature in self.classes_of(name) if signature.confirmed(facts)), None)

    def kind_of(self, name: str, path: str = "/") -> str:
        """The class of a file by its decoded base name and its folder, `other` where none is known."""
        found = self.files_of(name, path)
        return found.group if found else "other"

    def sort(self, name: str) -> Hashable | None:
        """Decoded base names of one sort follow the same grammars and have the same class. None: it cannot be told.

        A microsecond or two: the extensions that are listed, and one pass for the patterns of all conditions on names.
        """
        parts = name.rsplit(".", 2)
        last = parts[-1].lower()
        ends = (self._listed.get(f"{parts[1].lower()}.{last}") if len(parts) == 3 else None, self._listed.get(last))
        hits = self._patterns.hits(name)
        return None if hits is None else (ends if len(parts) > 1 else None, hits)

    @functools.cached_property
    def _listed(self) -> Mapping[str, str]:
        return {extension: extension for extension in self._by_extension}

    @functools.cached_property
    def _patterns(self) -> Sieve[str]:
        """All patterns that names are asked for, each once."""
        asked = [c for s in self.signatures if isinstance(s, Recording | Files) for c in (*s.all, *s.none)]
        regexes = list(dict.fromkeys(c.regex for c in asked if c.fact == "entry.name"))
        return Sieve(regexes, regexes)

    def _candidates(self, name: str) -> list[Files]:
        """Ranked signatures that could hold: those of its extensions, and those that go by the whole name."""
        parts = name.lower().rsplit(".", 2)[1:]
        ends = {".".join(parts), parts[-1]} if parts else set()
        chosen = {s.id: s for end in ends for s in self._by_extension.get(end, ())}
        chosen |= {s.id: s for s in self._by_name.of(name)}
        return _ranked(list(chosen.values()))

    @functools.cached_property
    def _by_extension(self) -> Mapping[str, list[Files]]:
        table: dict[str, list[Files]] = {}
        for signature in self._files:
            for extension in dict.fromkeys(e.lower() for e in signature.extensions):
                table.setdefault(extension, []).append(signature)
        return table

    @functools.cached_property
    def _by_name(self) -> Sieve[Files]:
        named = [s for s in self._files if not s.extensions]
        return Sieve(named, [s.all[0].regex for s in named])

    @functools.cached_property
    def _files(self) -> list[Files]:
        return _ranked([s for s in self.signatures if isinstance(s, Files)])

    @functools.cached_property
    def gravest(self) -> Mapping[str, Files]:
        """The signature of each class of files that says the highest context."""
        return {s.group: s for s in sorted(self._files, key=lambda s: s.dpc)}

    def rate(self, extension: str, signature: str | None = None) -> Rate | None:
        """Bytes a second of an extension (case as shown): as the product `signature` writes it, else in general."""
        owner = self.by_id.get(signature) if signature else None
        for rates in ([owner.rates] if isinstance(owner, Recording) else []) + [self._rates]:
            if rate := rates.get(extension) or rates.get(extension.lower()):
                return rate
        return None

    @functools.cached_property
    def _rates(self) -> dict[str, Rate]:
        return {e: r for s in reversed(self._files) for e, r in s.rates.items()}

    @functools.cached_property
    def contexts(self) -> Mapping[str, Words]:
        """Word classes by name, such as `health`."""
        return {s.group: s for s in self.signatures if isinstance(s, Words)}

    def words_in(self, path: str, *, company: bool = False) -> dict[str, frozenset[str]]:
        """Word class -> listed words in a decoded path or host name. `company`: count doubtful words as well."""
        return self._lexicon.find(path, company=company)

    def says(self, word: str) -> frozenset[str]:
        """Word classes that a word of a scope file stands for: those that list it, or are called so."""
        name = "-".join(word.casefold().replace("_", " ").replace("-", " ").split())
        return frozenset({*self.words_in(word, company=True), *({name} & self.contexts.keys())})

    @functools.cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(m for words in self.contexts.values() for m in words.meanings())


def _ranked(signatures: Sequence[S]) -> list[S]:
    return sorted(signatures, key=lambda s: (s.rank, s.id))


def load(extra: Sequence[Path] = ()) -> Knowledge:
    """The built-in signatures and those of `extra` folders. Kept for the process.

    Raises `SignatureError` with every mistake of all files, `FILE:LINE: what; remedy` a line.
    """
    return _load(tuple(extra))


@functools.cache
def _load(extra: tuple[Path, ...]) -> Knowledge:
    problems: list[str] = []
    found: dict[str, tuple[Path, bytes, Product | Recording | Files | Words]] = {}
    for root in (signature_file.home(), *extra):
        problems += signature_file.astray(root)
        for path in signature_file.paths(root):
            problems += _take(path, found, compiled=root in extra)
    if problems:
        raise SignatureError("\n".join(problems))
    digest = hashlib.sha256(b"".join(found[i][1] for i in sorted(found))).hexdigest()
    signatures = tuple(found[i][2] for i in sorted(found))
    return Knowledge(signatures, digest, built_in())


def _take(path: Path, found: dict[str, tuple[Path, bytes, Any]], *, compiled: bool) -> list[str]:
    """Read `path` into `found`; what is wrong with it."""
    try:
        signature = signature_file.read(path)
    except SignatureError as error:
        return str(error).splitlines()
    data = path.read_bytes()
    if signature.id in found:
        line = signature_file.line_of(data.decode(), ("id",))
        return [f"{path}:{line}: '{signature.id}' is there already: {found[signature.id][0]}; give yours another name"]
    found[signature.id] = (path, data, signature)
    return list(signature_file.unsound(signature, data.decode(), path)) if compiled else []
