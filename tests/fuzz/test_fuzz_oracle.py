"""What the fuzzing of parsers would see: each promise is broken once, and that is told."""

from __future__ import annotations

import pytest

from scanner.errors import ProtocolError
from tests.fuzz.__main__ import Run, _last_words, _read
from tests.fuzz.target import MOST_HELD, Form, Target, check, cuts, weight
from tests.fuzz.targets import BY_NAME, TARGETS
from tests.fuzz.words import dictionary

BODY = b"0701740605"


def _raises(data: bytes) -> object:
    raise ProtocolError(repr(data))


@pytest.mark.parametrize(("form", "told"), [
    (Form(stream=lambda pieces: [piece[:1] for piece in pieces]), "cut otherwise"),
    (Form(lambda data: bytes(17 * len(data) + MOST_HELD)), "made of 10"),
    (Form(lambda data: [0] * (len(data) + MOST_HELD)), "made of 10"),
])
def test_a_result_that_hangs_on_cuts_or_is_too_large_is_told(form: Form, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        check(form, BODY)


def test_an_error_is_told_where_the_parser_does_not_document_it() -> None:
    check(Form(_raises, raises=(ProtocolError,)), BODY)
    with pytest.raises(ProtocolError):
        check(Form(_raises, raises=(ValueError,)), BODY)


def test_cuts_leave_nothing_out() -> None:
    assert {BODY} == {b"".join(pieces) for pieces in cuts(BODY)}
    assert [BODY[at:at + 1] for at in range(len(BODY))] in [*cuts(BODY)]


def test_texts_weigh_what_they_hold() -> None:
    assert 8 + 8 + 3 + 8 + 2 + 8 == weight([b"abc", "de", None])


def test_the_first_byte_chooses_the_form() -> None:
    for target in TARGETS:
        for form in target.forms:
            assert list(target.forms)[target.input(form, b"x")[0]] == form


def test_every_target_has_seeds_for_its_forms_and_words_from_its_rooms() -> None:
    for target in TARGETS:
        assert {form for form, _ in target.seeds()} <= set(target.forms)
        assert len(target.corpus()) > 0
        assert dictionary(target.rooms).count("\n") > 20


def test_what_atheris_says_is_read() -> None:
    target, said = BY_NAME["html"], (b"#9\tDONE   cov: 41 ft: 90 corp: 5/9b\nDone 900 runs in 31 second(s)\n"
                                     b"stat::number_of_executed_units: 900\n")
    assert Run("html", 900, 31, 41, (), "") == _read(target, 0, said, ())
    fell = b"#9\tNEW    cov: 7 ft: 9\n\n === Uncaught Python exception: ===\nKeyError: 1\n"
    assert Run("html", 0, 0, 7, (), _last_words(fell)) == _read(target, 77, fell, ())
    assert " === Uncaught Python exception: ===\nKeyError: 1\n" == _last_words(fell)


def test_a_planted_fault_falls() -> None:
    planted = Target("planted", {"fault": Form(lambda data: 1 // (data != b"!"))}, lambda: [("fault", b"?")], ())
    planted.run(b"\0?")
    with pytest.raises(ZeroDivisionError):
        planted.run(b"\0!")
