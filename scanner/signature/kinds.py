"""The kinds of signatures: products and listings, name grammars of recordings, classes of files, words of a meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from scanner.signature.form import Condition, Context, Endpoint, Extension, Rate, Signature, Word
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

    vocabulary: ClassVar[tuple[str, ...]] = ("http.", "listing.")

    @model_validator(mode="after")
    def _asked(self) -> Self:
        if self.lists and self.needs:
            raise ValueError("what needs something is not asked: write 'list' or 'needs', not both")
        if self.kind == "access" and (self.lists or self.needs or self.unproven):
            raise ValueError("'list', 'needs' and 'unproven' are said of products and listings")
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
            raise ValueError("the first condition of a recording is its grammar: fact = \"entry.name\"")
        if missing := [group for group in self.mask if f"(?P<{group}>" not in self.all[0].regex]:
            raise ValueError(f"mask names groups that the grammar does not have: {', '.join(missing)}")
        return self

    @property
    def needs(self) -> Literal["path", "sibling", "number"] | None:
        """What beside the name must be seen before it counts; None: the name is enough."""
        facts = {c.fact for c in self.all}
        if "entry.people" in facts:
            return "number"
        if "entry.siblings" in facts:
            return "sibling"
        return "path" if "entry.path" in facts else None


class Files(Signature):
    """A class of files, told by extension, by name, or by both."""

    kind: Literal["files"]
    group: Annotated[str, Field(alias="class", pattern=r"^[a-z]+(-[a-z]+)*$")]
    dpc: Context                             # base for files of this class; 0: nothing personal
    extensions: tuple[Extension, ...] = ()
    rates: dict[Extension, Rate] = Field(default={})     # for sound and pictures
    telephony: bool = False                  # hardly anything but telephony or dictation writes it
    encrypted: bool = False                  # unintelligible without a key

    vocabulary: ClassVar[tuple[str, ...]] = ("entry.name",)

    @model_validator(mode="after")
    def _told(self) -> Self:
        if not (self.extensions or self.all):
            raise ValueError("write extensions, or an [[all]] condition on entry.name")
        if self.dpc and not self.remedy:
            raise ValueError("write a remedy: what the owner does about such files")
        if unknown := {e.lower() for e in self.rates} - {e.lower() for e in self.extensions}:
            raise ValueError(f"rates for extensions that are not listed: {', '.join(sorted(unknown))}")
        return self

    def match(self, facts: Mapping[str, str]) -> dict[str, str] | None:
        """As for all, and one of the extensions where some are listed."""
        name = facts.get("entry.name", "").lower()
        if self.extensions and not name.endswith(tuple("." + e.lower() for e in self.extensions)):
            return None
        return super().match(facts)


class Words(Signature):
    """Words of one meaning, by language. What they say of a store is in `dpc`, `tag` and `harmless`."""

    kind: Literal["context"]
    words: dict[Annotated[str, Field(pattern=r"^([a-z]{2}|mixed)$")], tuple[Word, ...]]
    doubtful: tuple[Word, ...] = ()          # these of the words count only in company
    dpc: Context | None = None               # the context that they lift personal data to
    tag: str | None = None
    harmless: bool = False

    @model_validator(mode="after")
    def _listed(self) -> Self:
        if unknown := set(self.doubtful) - {w for words in self.words.values() for w in words}:
            raise ValueError(f"doubtful words that are not listed: {', '.join(sorted(unknown))}")
        if self.all or self.none:
            raise ValueError("a context has words, no conditions")
        return self

    @property
    def group(self) -> str:
        """The word class: the last part of the id."""
        return self.id.rpartition("/")[2]

    def meanings(self) -> list[Meaning]:
        """Its words, each once."""
        words = sorted({w for words in self.words.values() for w in words})
        return [Meaning(self.group, w, w in self.doubtful, self.dpc is not None) for w in words]

    def match(self, facts: Mapping[str, str]) -> dict[str, str] | None:
        """An empty dictionary where one of the words stands in the path, else None."""
        return {} if Lexicon(self.meanings()).find(facts.get("entry.path", "")) else None


AnySignature = Annotated[Product | Recording | Files | Words, Field(discriminator="kind")]
