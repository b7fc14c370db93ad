"""The kinds of signatures: products and listings, name grammars of recordings, classes of files, words of a meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from scanner.signature.form import FACTS, Condition, Context, Endpoint, Extension, PlaceError, Rate, Signature, Word
from scanner.signature.words import Lexicon, Meaning


class Product(Signature):
    """Names a product by the facts of a door (`product`), or the one that printed a listing (`listing`)."""

    kind: Literal["listing", "product", "access"]
    product: Annotated[str, Field(min_length=2)]
    remedy: Annotated[str, Field(min_length=8)]
    version: tuple[Condition, ...] = ()      # not needed for the verdict; the first that is found gives (?P<version>…)
    lists: Annotated[Endpoint | None, Field(alias="list")] = None    # what it is asked for once it is recognised
    needs: Literal["post", "token", "login"] | None = None           # what its names would take; it is only named
    unproven: bool = False                   # no answer of the real product is at hand
    all: Annotated[tuple[Condition, ...], Field(min_length=1)]

    vocabulary: ClassVar[tuple[str, ...]] = tuple(sorted({f"{fact.partition('.')[0]}." for fact in FACTS} - {"entry."}))

    @model_validator(mode="after")
    def _asked(self) -> Self:
        if self.lists and self.needs:
            raise PlaceError("what needs something is not asked: write 'list' or 'needs', not both", "needs")
        asked = {"list": self.lists, "needs": self.needs, "unproven": self.unproven}
        said = [key for key, value in asked.items() if value]
        if self.kind == "access" and said:
            raise PlaceError(f"'list', 'needs' and 'unproven' are said of products and listings; take '{said[0]}' away",
                             said[0])
        return self

    def way(self, facts: Mapping[str, str]) -> str | None:
        """How a door with these facts may be listed: an endpoint, and after a colon the (?P<base>…) it lies below."""
        groups = self.match(facts) if self.lists else None
        if groups is None:
            return None
        base = groups.get("base", "").strip("/")
        return f"{self.lists}:/{base}/" if base else self.lists

    def named(self, facts: Mapping[str, str]) -> str:
        """The product as a report names it, such as `nginx 1.22.1`."""
        version = self.release(facts)
        return f"{self.product} {version}" if version else self.product

    def release(self, facts: Mapping[str, str]) -> str | None:
        """The version that the product says of itself, or None."""
        for condition in self.version:
            groups = condition.search(facts)
            if groups and "version" in groups:
                return groups["version"]
        return None


class Recording(Signature):
    """A grammar of names that a product gives to recorded speech or pictures."""

    kind: Literal["recording"]
    product: Annotated[str, Field(min_length=2)]
    what: Literal["call", "voicemail", "meeting", "dictation", "transcript", "camera"]
    remedy: Annotated[str, Field(min_length=8)]
    dpc: Context = 2.0
    mask: tuple[str, ...] = ()               # named groups that are people
    rates: dict[Extension, Rate] = Field(default={})     # extension, case as written -> what this product writes
    all: Annotated[tuple[Condition, ...], Field(min_length=1)]

    vocabulary: ClassVar[tuple[str, ...]] = ("entry.",)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.all[0].fact != "entry.name":
            raise PlaceError("the first condition of a recording is its grammar; write fact = \"entry.name\"",
                             "all", 0, "fact")
        if missing := [group for group in self.mask if f"(?P<{group}>" not in self.all[0].regex]:
            raise PlaceError(f"mask names groups that the grammar does not have: {', '.join(missing)}; "
                             "write (?P<NAME>…) in it", "mask")
        return self

    @property
    def needs(self) -> Literal["path", "sibling", "number"] | None:
        """What beside the name must be seen before it counts; None: the name is enough."""
        facts = {c.fact for c in (*self.all, *self.none)}
        if "entry.people" in facts:
            return "number"
        if "entry.siblings" in facts:
            return "sibling"
        return "path" if "entry.path" in facts else None


class Files(Signature):
    """A class of files, told by extension, by name, or by both; where that is not enough, by the folder as well."""

    kind: Literal["files"]
    group: Annotated[str, Field(alias="class", pattern=r"^[a-z]+(-[a-z]+)*$")]
    dpc: Context                             # base for files of this class; 0: nothing personal
    extensions: tuple[Extension, ...] = ()
    rates: dict[Extension, Rate] = Field(default={})     # for sound and pictures
    telephony: bool = False                  # hardly anything but telephony or dictation writes it
    encrypted: bool = False                  # unintelligible without a key

    vocabulary: ClassVar[tuple[str, ...]] = ("entry.name", "entry.path")

    @model_validator(mode="after")
    def _told(self) -> Self:
        if not self.extensions and (not self.all or self.all[0].fact != "entry.name"):
            raise ValueError("write extensions, or a first [[all]] condition on entry.name")
        if self.dpc and not self.remedy:
            raise PlaceError("write a remedy: what the owner does about such files", "dpc")
        if unknown := {e.lower() for e in self.rates} - {e.lower() for e in self.extensions}:
            raise PlaceError(f"rates for extensions that are not listed: {', '.join(sorted(unknown))}; "
                             "list them in 'extensions'", "rates")
        return self

    @property
    def placed(self) -> bool:
        """Whether the folder must be seen before it counts."""
        return any(c.fact == "entry.path" for c in (*self.all, *self.none))

    def named(self, name: str) -> bool:
        """Whether files of a decoded base name are of the class, if the folder is right."""
        return self._ends(name) and self._holds("entry.name", {"entry.name": name})

    def confirmed(self, facts: Mapping[str, str]) -> bool:
        """Whether the folder is right: `entry.path`."""
        return self._holds("entry.path", facts)

    def _holds(self, fact: str, facts: Mapping[str, str]) -> bool:
        return all(c.search(facts) is not None for c in self.all if c.fact == fact) and \
            not any(c.search(facts) is not None for c in self.none if c.fact == fact)

    def _ends(self, name: str) -> bool:
        return not self.extensions or name.lower().endswith(tuple("." + e.lower() for e in self.extensions))

    def match(self, facts: Mapping[str, str]) -> dict[str, str] | None:
        """As for all, and one of the extensions where some are listed."""
        return super().match(facts) if self._ends(facts.get("entry.name", "")) else None


class Words(Signature):
    """Words of one meaning, by language. What they say of a store is in `dpc`, `voice`, `tag` and `harmless`."""

    kind: Literal["context"]
    words: dict[Annotated[str, Field(pattern=r"^([a-z]{2}|mixed)$")], tuple[Word, ...]]
    doubtful: tuple[Word, ...] = ()          # these of the words count only in company
    stems: tuple[Word, ...] = ()             # longer words begin with these
    heads: tuple[Word, ...] = ()             # and end with these
    dpc: Context | None = None               # the context that they lift personal data to
    voice: bool = False                      # sound beside them is somebody's voice
    tag: str | None = None
    harmless: bool = False

    @model_validator(mode="after")
    def _listed(self) -> Self:
        if unknown := set(self.doubtful) - {w for words in self.words.values() for w in words}:
            raise PlaceError(f"doubtful words that are not listed: {', '.join(sorted(unknown))}; list them in [words]",
                             "doubtful")
        if self.all or self.none:
            raise PlaceError("a context has words, no conditions; take them away", "all" if self.all else "none", 0)
        return self

    @property
    def group(self) -> str:
        """The word class: the last part of the id."""
        return self.id.rpartition("/")[2]

    def meanings(self) -> list[Meaning]:
        """Its words, each once, and the parts of longer ones."""
        company = self.dpc is not None or self.voice
        words = sorted({w for words in self.words.values() for w in words})
        whole = [Meaning(self.group, w, w in self.doubtful, company) for w in words]
        starts = [Meaning(self.group, w, company=company, place="start") for w in sorted(set(self.stems))]
        return whole + starts + [Meaning(self.group, w, company=company, place="end") for w in sorted(set(self.heads))]

    def match(self, facts: Mapping[str, str]) -> dict[str, str] | None:
        """An empty dictionary where one of the words stands in the path, else None."""
        return {} if Lexicon(self.meanings()).find(facts.get("entry.path", "")) else None


AnySignature = Annotated[Product | Recording | Files | Words, Field(discriminator="kind")]
