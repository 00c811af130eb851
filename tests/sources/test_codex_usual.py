"""The short way and the long one: every row that the short way reads has the same value by the long one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec import Raw

from bot.core.models import epoch_day
from bot.demo.company import build_company, usage_rows
from bot.errors import SourceError
from bot.sources.codex_figures import MAX_INT, parse_json
from bot.sources.codex_page import parse_page, parse_usage_page
from bot.sources.codex_rows import parse_usage_row
from bot.sources.codex_usual import parse_usual_row
from tests.sources.usage_rows import DAYS, JSON, PATHS, TOTALS, row, spoil

NUMBERS = st.from_regex(r"-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
HALVES = st.builds(
    lambda micro, tail: f"{micro // 10**6}.{micro % 10**6:06}{tail}",
    st.integers(0, 2**51),
    st.sampled_from(
        ["", "0", "5", "50000000000000001", "49999999999999999", "4999", "5001", "25", "75", "3"]
    ),
)
"""Figures about which half-even rounding at the sixth place may go wrong."""

FIGURES = [path for path in PATHS if path[-1] in {"credits", "cost_usd", "estimated_cost_usd", "threads"}]
HOSTILE = [
    *(
        "NaN",
        "-Infinity",
        "-0",
        "-0.0",
        "-1e-400",
        "1e-400",
        "1e400",
        "1e999990",
        "0e999990",
        "1e99999999999999999999",
        "9" * 5000,
    ),
    *("14.0", "14.00000000000000000001", "1e2", str(MAX_INT), str(MAX_INT + 1), "1125899906.842624"),
    *("1125899906.8426239999999999", "0.0000005", "0.00000050000000000000000001", "true", '"1.5"', "null"),
    *('"\\u0000"', '"\\ud800"', '"\\ud83d\\ude00"', '"' + " " + '"', "[" * 5000 + "]" * 5000, "", "01", "1."),
]


def written(path: tuple[str | int, ...], text: str) -> bytes:
    """A row with ``text`` in one place just as it is, whether it is JSON or not."""
    return json.dumps(spoil(path, "PLACE")).replace('"PLACE"', text).encode()


def assert_same(raw: bytes) -> None:
    """What the short way reads, the long way reads the same."""
    usual = parse_usual_row(Raw(raw), DAYS)
    assert usual is None or usual == parse_usage_row(parse_json(raw), DAYS)


@settings(derandomize=True, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), JSON)
def test_a_spoilt_row_has_one_value(path: tuple[str | int, ...], junk: Any) -> None:
    assert_same(json.dumps(spoil(path, junk)).encode())


@settings(derandomize=True, max_examples=600)
@given(st.sampled_from(FIGURES), NUMBERS | HALVES)
def test_a_figure_has_one_value_however_it_is_written(path: tuple[str | int, ...], text: str) -> None:
    assert_same(written(path, text))


@pytest.mark.parametrize("text", HOSTILE, ids=map(str, range(len(HOSTILE))))
def test_nothing_hostile_is_read_in_two_ways(text: str) -> None:
    for path in PATHS:
        page = b'{"object":"page","data":[%s,%s],"has_more":false}' % (
            written(path, text),
            written(path, "7"),
        )
        assert read(parse_usage_page, page) == read(long_way, page)


@settings(derandomize=True)
@given(st.integers(0, MAX_INT), st.sampled_from(["", "5", "25", "000000000004"]))
@example(0, "")
def test_credits_of_any_number_of_places_are_read_the_short_way(micro: int, tail: str) -> None:
    """Rates of a few credits a million tokens end in halves of a millionth, and sums of binary floats in noise."""
    written_so = f"{micro // 10**6}.{micro % 10**6:06}{tail if micro < MAX_INT else ''}"
    raw = written(("totals", "credits"), written_so)
    parsed = parse_usual_row(Raw(raw), DAYS)
    assert parsed is not None
    assert parsed == parse_usage_row(parse_json(raw), DAYS)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"actor": ..., "models": ..., "code_attribution": ..., "object": ...},
        {"actor": None, "clients": None, "models": []},
        {"user_id": None, "actor": {"user_id": "u", "email": None}},
        {"totals": {"credits": 0, "threads": None, "cost_usd": "1.50"}},
        {"totals": TOTALS | {"cost_usd": 0.0, "estimated_cost_usd": None}},
        {"code_attribution": {"lines_of_code": {"added": 1, "committed_percentage": 57.9}, "commits": None}},
        {"code_attribution": {"lines_of_code": {"added": 1}, "commits": {"total_commits": None}}},
        {"models": [{"model": "m", "speed": speed, "credits": 1} for speed in ("fast", "standard", None)]},
    ],
    ids=str,
)
def test_every_documented_form_is_read_the_short_way(changes: dict[str, Any]) -> None:
    raw = json.dumps(row(**changes)).encode()
    parsed = parse_usual_row(Raw(raw), DAYS)
    assert parsed is not None
    assert parsed == parse_usage_row(parse_json(raw), DAYS)


@pytest.mark.parametrize(
    "changes",
    [
        {"new": 1},
        {"totals": TOTALS | {"new": None}},
        {"clients": [{"client_id": "CODEX_CLI", **TOTALS}] * 2},
        {"models": [{"model": "m", "credits": 1}] * 2},
        {"actor": {"user_id": " ", "email": "a@example.com"}},
        {"user_id": None, "actor": None},
        {"start_time": 0, "end_time": 86_400},
        {"totals": TOTALS | {"cost_usd": "1 "}},
        {"actor": {"user_id": "u", "type": "half a pair: \ud800"}},
    ],
    ids=ascii,
)
def test_what_is_unusual_is_left_to_the_long_way(changes: dict[str, Any]) -> None:
    assert parse_usual_row(Raw(json.dumps(row(**changes)).encode()), DAYS) is None


def test_nearly_every_row_of_an_invented_company_is_usual() -> None:
    """One in a hundred has a field that is new, and the like; they all come out the same."""
    today = date(2026, 7, 20)
    company = build_company(600, today=today)
    raws = [
        json.dumps(one).encode()
        for ago in range(5)
        for one in usage_rows(company, today - timedelta(days=ago))
    ]
    days = range(epoch_day(today) - 5, epoch_day(today) + 1)
    parsed = [parse_usual_row(Raw(raw), days) for raw in raws]
    usual = [one for one in parsed if one is not None]
    assert len(usual) > 0.95 * len(raws) > 400
    assert all(
        short is None or short == parse_usage_row(parse_json(raw), days)
        for raw, short in zip(raws, parsed, strict=True)
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"data":[]}',
        b'{"object":"page","data":{},"has_more":false}',
        b'{"object":"page","data":[],"has_more":1}',
        b'{"object":"page","data":[],"has_more":true}',
        b'{"object":"page","data":[],"has_more":true,"next_page":7}',
        b'{"object":"page","data":[],"has_more":true,"next_page":"a\\u0000b"}',
        b'{"object":null,"data":[7,null],"has_more":true,"next_page":"more","new":{}}',
        b'{"object":null,"data":[],"has_more":false,"next_page":"ignored"}',
        b'{"object":null,"data":[],"has_more":false,"next_page":7}',
        '{"object":null,"data":[],"has_more":false}'.encode("utf-16"),
        b'{"object":"page","data":[{"user_id":"\xff"}],"has_more":false}',
        b'{"object":"page","data":[{}],"has_more":false',
    ],
    ids=map(str, range(14)),
)
def test_an_envelope_has_one_meaning(body: bytes) -> None:
    assert read(parse_usage_page, body) == read(long_way, body)


def long_way(body: bytes, days: range) -> Any:
    return parse_page(body, days, parse_usage_row)


def read(way: Callable[[bytes, range], Any], body: bytes) -> Any:
    """The page, or what is wrong with it. A fault of the JSON may be worded in two ways: nobody reads it."""
    try:
        return way(body, DAYS)
    except SourceError as error:
        return str(error)
    except ValueError:
        return ValueError
