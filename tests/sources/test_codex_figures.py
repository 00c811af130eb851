"""Single values: exact, bounded, and never confused with one another."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.codex_figures import (
    MAX_INT,
    UnreadableError,
    parse_count,
    parse_json,
    parse_micro,
    parse_money,
    parse_required_count,
    parse_text,
    render_json,
)


def from_json(text: str) -> Any:
    """A value as it comes out of a body."""
    return parse_json(text.encode())


@pytest.mark.parametrize(
    ("text", "count"),
    [("0", 0), ("14", 14), ("14.0", 14), ("1e3", 1000), ("null", None), (str(MAX_INT), MAX_INT), ("-0.0", 0)],
)
def test_counts_are_whole_numbers_of_63_bits(text: str, count: int | None) -> None:
    assert parse_count(from_json(text), "turns") == count


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-1", "turns is negative"),
        ("-1.0", "turns is negative"),
        ("14.5", "turns is not a whole number"),
        ("true", "turns is a boolean, not a whole number"),
        ('"14"', "turns is a text, not a whole number"),
        ("[]", "turns is a list, not a whole number"),
        ("{}", "turns is an object, not a whole number"),
        (str(MAX_INT + 1), "turns is too large"),
        ("9" * 5000, "turns is too large"),
        ("1e400", "turns is too large"),
        ("1e99999999999999999999", "turns is not finite"),
        ("NaN", "turns is not finite"),
        ("Infinity", "turns is not finite"),
    ],
)
def test_everything_else_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=f"^{reason}$"):
        parse_count(from_json(text), "turns")


def test_a_required_count_may_not_be_null() -> None:
    with pytest.raises(UnreadableError, match="p0 is missing"):
        parse_required_count(None, "p0")


@pytest.mark.parametrize(
    ("text", "micro"),
    [
        ("134.25", 134_250_000),
        ("0.1", 100_000),
        ("12", 12_000_000),
        ("0", 0),
        ("0.0", 0),
        ("-0.0", 0),
        ("null", None),
        ("0.0000005", 0),  # half to even, down
        ("0.0000015", 2),  # half to even, up
        ("0.00000050000000000000000000000000000000000000000000001", 1),  # rounds once, not twice
        ("0.0000004", 0),
        ("1e-400", 0),
        ("1e-999990", 0),
        ("0e999990", 0),
        ("1125899906.842624", MAX_INT),
    ],
)
def test_credits_are_millionths_of_the_exact_decimal(text: str, micro: int | None) -> None:
    assert parse_micro(from_json(text), "credits") == micro


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-1", "credits is negative"),
        ("-0.0000001", "credits is negative"),
        ("-1e400", "credits is too large"),
        ("1125899906.842625", "credits is too large"),
        ("1125899907", "credits is too large"),
        ("1e400", "credits is too large"),
        ("1e999990", "credits is too large"),  # written out it would take minutes
        ("NaN", "credits is not finite"),
        ("-Infinity", "credits is not finite"),
        ("false", "credits is a boolean, not a number"),
        ('"1.5"', "credits is a text, not a number"),
    ],
)
def test_other_amounts_are_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(UnreadableError, match=f"^{reason}$"):
        parse_micro(from_json(text), "credits")


@pytest.mark.parametrize(
    ("value", "micro"),
    [("1.23", 1_230_000), (Decimal("1.23"), 1_230_000), ("0", 0), (2, 2_000_000), (None, None)],
)
def test_dollars_come_as_numbers_or_as_text(value: Any, micro: int | None) -> None:
    assert parse_money(value, "cost_usd") == micro


@pytest.mark.parametrize(
    "value", ["", " 1", "1_000", "\u0661", "NaN", "inf", "0x1", "1,5", "$3", "1e99999999999999999999", "-1"]
)
def test_text_that_is_no_amount_is_refused(value: str) -> None:
    with pytest.raises(UnreadableError, match=r"^cost_usd is "):
        parse_money(value, "cost_usd")


@settings(derandomize=True)
@given(st.lists(st.decimals(0, 10_000, places=6)))
def test_the_sum_of_millionths_is_the_exact_sum(amounts: list[Decimal]) -> None:
    body = "[" + ",".join(f"{amount:f}" for amount in amounts) + "]"
    micros = [parse_micro(value, "credits") or 0 for value in from_json(body)]
    assert Decimal(sum(micros)).scaleb(-6) == sum(amounts, Decimal(0))


@settings(derandomize=True)
@given(st.integers(0, 10**9), st.integers(0, 12))
def test_rounding_is_half_even_at_the_sixth_place(digits: int, places: int) -> None:
    text = f"{Decimal(digits).scaleb(-places):f}"
    expected = round(Decimal(text) * 1_000_000)  # Python's own round is half-even, and exact here
    assert parse_micro(from_json(text), "credits") == expected


@pytest.mark.parametrize("text", ["", " ", "Žofie", "a\tb", "🙂", "user-AbC"])
def test_text_is_kept_as_it_came(text: str) -> None:
    assert parse_text(text, "user_id") == text


@pytest.mark.parametrize("text", ["\ud800", "a\0b", 7, True, []])
def test_what_no_database_takes_is_refused(text: Any) -> None:
    with pytest.raises(UnreadableError):
        parse_text(text, "user_id")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1,", b"<html>", b"\xff\xfe", b"[" * 100_000, b"[1e99999999999999999999," + b"[" * 99_999],
)
def test_a_body_that_is_no_json_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"(?i)expect|decode|nested"):
        parse_json(body)


def test_numbers_beyond_reason_spoil_themselves_and_not_the_body() -> None:
    body = b'{"a": 1e99999999999999999999, "b": ' + b"9" * 5000 + b', "c": 7, "d": NaN, "e": 0.5}'
    parsed = parse_json(body)
    assert (parsed["c"], parsed["e"]) == (7, Decimal("0.5"))
    assert parsed["a"].is_nan()
    assert parsed["d"].is_nan()


def test_json_that_is_kept_is_compact_strict_and_exact() -> None:
    value = from_json('{"é": [0.1, 1.00000000000000000001, NaN, 1e999, true, null]}')
    assert render_json(value) == r'{"\u00e9":[0.1,"1.00000000000000000001","NaN","1E+999",true,null]}'


@settings(derandomize=True)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists))
def test_whatever_was_json_can_be_kept_as_json(value: Any) -> None:
    kept = render_json(from_json(json.dumps(value)))
    assert kept.isascii()
    json.loads(kept, parse_constant=pytest.fail)
