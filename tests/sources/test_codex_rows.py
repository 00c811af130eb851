"""Rows of the API as values: what is kept, what is unknown, and what is poisoned."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.core.models import (
    Amounts,
    ClientUsage,
    CodeAttribution,
    CodeReviewDay,
    CodeReviewResponseDay,
    ModelUsage,
    PoisonedRow,
    UsageRow,
    WorkspaceRow,
)
from bot.sources.codex_figures import MAX_INT, parse_json
from bot.sources.codex_reviews import parse_code_review_day, parse_code_review_response_day
from bot.sources.codex_rows import parse_usage_row, parse_workspace_row
from tests.sources.usage_rows import DAY, DAYS, JSON, PATHS, TOTALS, row, spoil


def parse(raw: Any) -> UsageRow | PoisonedRow:
    """``raw`` as it comes out of a body."""
    return parse_usage_row(parse_json(json.dumps(raw).encode()), DAYS)


def good(raw: Any) -> UsageRow:
    parsed = parse(raw)
    assert isinstance(parsed, UsageRow), parsed
    return parsed


def reason_for(raw: Any) -> str:
    parsed = parse(raw)
    assert isinstance(parsed, PoisonedRow), parsed
    return parsed.reason


def test_a_full_row() -> None:
    tokens = {
        "estimated_cost_usd": 5.37,
        "cost_usd": "0.015",
        "uncached_text_input_tokens": 820_000,
        "cached_text_input_tokens": 7_100_000,
        "text_output_tokens": 60_000,
        "text_total_tokens": 7_980_000,
    }
    model = {"model": "gpt-5.4", "credits": 102.0, **tokens}
    code = {
        "lines_of_code": {
            "added": 412,
            "removed": 96,
            "committed": 301,
            "total_committed_lines": 520,
            "committed_percentage": 57.9,
        },
        "commits": {
            "with_codex_contribution": 4,
            "with_codex_contribution_percentage": 57.1,
            "total_commits": 7,
        },
    }
    parsed = good(
        row(
            totals=TOTALS | tokens,
            models=[model | {"speed": "standard"}, model | {"speed": "fast"}, model | {"model": "other"}],
            code_attribution=code,
        )
    )
    amounts = Amounts(14, 96, 134_250_000, 15_000, 5_370_000, 820_000, 7_100_000, 60_000, 7_980_000)
    of_model = amounts._replace(threads=None, turns=None, credits_micro=102_000_000)
    assert parsed == UsageRow(
        day=DAY,
        account="user-alice",
        email="alice@example.com",
        actor_type="ACCOUNT_USER",
        totals=amounts,
        clients=(ClientUsage("CODEX_CLI", Amounts(14, 96, 134_250_000)),),
        models=(
            ModelUsage("gpt-5.4", "standard", of_model),
            ModelUsage("gpt-5.4", "fast", of_model),
            ModelUsage("other", None, of_model),
        ),
        code=CodeAttribution(412, 96, 301, 520, 57_900_000, 4, 57_100_000, 7),
        extra=None,
    )


def test_null_and_absent_are_unknown_and_zero_is_zero() -> None:
    null = good(row(totals=TOTALS | {"text_total_tokens": None, "cost_usd": None, "threads": None}))
    zero = good(row(totals=TOTALS | {"text_total_tokens": 0, "cost_usd": "0", "threads": 0}))
    absent = good(row(totals={"turns": 96, "credits": 134.25}))
    assert null.totals == absent.totals
    assert (null.totals.total_tokens, null.totals.cost_usd_micro, null.totals.threads) == (None, None, None)
    assert (zero.totals.total_tokens, zero.totals.cost_usd_micro, zero.totals.threads) == (0, 0, 0)


@pytest.mark.parametrize("models", [None, ...])
def test_no_split_by_model_is_not_an_empty_split(models: Any) -> None:
    assert good(row(models=models)).models is None
    assert good(row(models=[])).models == ()


@pytest.mark.parametrize("clients", [None, ..., []])
def test_a_row_without_clients_has_totals_all_the_same(clients: Any) -> None:
    parsed = good(row(clients=clients))
    assert parsed.clients == ()
    assert parsed.totals.turns == 96


@pytest.mark.parametrize(
    ("actor", "email", "kind"),
    [
        (None, None, None),
        (..., None, None),
        ({}, None, None),
        ({"user_id": None, "email": None, "type": None}, None, None),
        ({"user_id": "", "email": "  ", "type": "SERVICE"}, None, "SERVICE"),
        ({"user_id": " \t", "email": "", "type": ""}, None, ""),
    ],
)
def test_the_rows_own_id_stands_in_for_the_actors(actor: Any, email: str | None, kind: str | None) -> None:
    parsed = good(row(actor=actor, user_id="openai-org:bob"))
    assert (parsed.account, parsed.email, parsed.actor_type) == ("openai-org:bob", email, kind)


def test_the_actors_id_goes_before_the_rows() -> None:
    assert good(row(user_id="user-other")).account == "user-alice"


def test_what_is_unknown_here_is_kept_verbatim() -> None:
    clients = [{"client_id": "CODEX_ON_MARS", **TOTALS}, {"client_id": "", **TOTALS}, TOTALS]
    parsed = good(
        row(clients=clients, models=[{"credits": 1}, {"model": "x", "speed": "warp", "credits": 2}])
    )
    assert [entry.client for entry in parsed.clients] == ["CODEX_ON_MARS", "", "unknown"]
    assert parsed.models is not None
    assert [(entry.model, entry.speed) for entry in parsed.models] == [("unknown", None), ("x", "warp")]


def test_a_client_that_stands_twice_is_added_up() -> None:
    one = {"client_id": "CODEX_CLI", "threads": 1, "turns": 2, "credits": 0.1, "text_total_tokens": None}
    other = one | {"text_total_tokens": 5, "credits": 0.2, "cost_usd": "1"}
    parsed = good(row(clients=[one, other, one]))
    assert parsed.clients == (ClientUsage("CODEX_CLI", Amounts(3, 6, 400_000, 1_000_000, total_tokens=5)),)


def test_a_model_and_speed_that_stand_twice_are_added_up() -> None:
    one = {"model": "gpt-5.4", "speed": "fast", "credits": 1}
    parsed = good(row(models=[one, one | {"speed": None}, one | {"text_output_tokens": 3}]))
    assert parsed.models == (
        ModelUsage("gpt-5.4", "fast", Amounts(None, None, 2_000_000, output_tokens=3)),
        ModelUsage("gpt-5.4", None, Amounts(None, None, 1_000_000)),
    )


def test_a_sum_that_fits_no_database_is_poisoned() -> None:
    half = {"client_id": "CODEX_CLI", **TOTALS, "turns": MAX_INT}
    assert reason_for(row(clients=[half, half])) == "clients add up to too much"


def test_unknown_fields_are_kept_with_their_path() -> None:
    extras = good(
        row(
            groups=["a"],
            actor={"user_id": "user-alice", "seat": "pro"},
            totals=TOTALS | {"on_demand_credits": 0.5},
            clients=[
                {"client_id": "CODEX_CLI", "foo": 2, **TOTALS},
                {"client_id": "CODEX_CLI", "foo": 3, **TOTALS},
            ],
            models=[{"model": "gpt-5.4", "credits": 1, "threads": 3}],
            code_attribution={
                "lines_of_code": {"added": 1, "kept": 1},
                "commits": {"big": 1},
                "reviews": None,
            },
        )
    ).extra
    assert extras is not None
    assert json.loads(extras) == snapshot(
        {
            "groups": ["a"],
            "actor.seat": "pro",
            "totals.on_demand_credits": 0.5,
            "clients.CODEX_CLI.foo": 2,
            "clients.CODEX_CLI.foo#2": 3,
            "models.gpt-5.4.threads": 3,
            "code_attribution.reviews": None,
            "code_attribution.lines_of_code.kept": 1,
            "code_attribution.commits.big": 1,
        }
    )
    assert extras.startswith('{"groups":["a"],"actor.seat"')


@pytest.mark.parametrize("code", [None, ..., {}])
def test_no_code_attribution(code: Any) -> None:
    assert good(row(code_attribution=code)).code is None


@pytest.mark.parametrize("commits", [None, ..., {}])
def test_code_without_commits_or_newer_fields(commits: Any) -> None:
    code = {"lines_of_code": {"added": 0}, "commits": commits}
    code = {name: value for name, value in code.items() if value is not ...}
    assert good(row(code_attribution=code)).code == CodeAttribution(0)


def test_integral_decimals_are_counts() -> None:
    assert good(row(totals={"threads": 14.0, "turns": 1e2, "credits": 1})).totals == Amounts(
        14, 100, 1_000_000
    )


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (7, "row is not an object"),
        ([], "row is not an object"),
        (row(start_time=...), "start_time is missing"),
        (row(start_time="2026-07-20"), "start_time is a text, not a whole number"),
        (row(start_time=DAY * 86_400 + 1), "start_time is not a UTC midnight"),
        (row(end_time=(DAY + 7) * 86_400), "end_time is not one day after start_time"),
        (row(end_time=None), "end_time is missing"),
        (
            row(start_time=(DAY + 9) * 86_400, end_time=(DAY + 10) * 86_400),
            "start_time lies outside the days that were asked for",
        ),
        (row(user_id=None, actor=None), "user_id is missing, in actor and beside it"),
        (row(user_id=7, actor=None), "user_id is a number, not a text"),
        (row(actor=[]), "actor is not an object"),
        (row(actor={"user_id": {}}), "actor.user_id is an object, not a text"),
        (row(actor={"user_id": "\ud800"}), "actor.user_id holds characters that cannot be stored"),
        (row(actor={"user_id": "u", "email": 3}), "actor.email is a number, not a text"),
        (row(actor={"user_id": "u", "type": []}), "actor.type is a list, not a text"),
        (row(totals=None), "totals is missing"),
        (row(totals=[]), "totals is not an object"),
        (row(totals={"threads": 1, "turns": 1}), "totals.credits is missing"),
        (row(totals=TOTALS | {"turns": -1}), "totals.turns is negative"),
        (row(totals=TOTALS | {"turns": True}), "totals.turns is a boolean, not a whole number"),
        (row(totals=TOTALS | {"credits": float("nan")}), "totals.credits is not finite"),
        (row(totals=TOTALS | {"text_total_tokens": 2**63}), "totals.text_total_tokens is too large"),
        (row(totals=TOTALS | {"cost_usd": "free"}), "totals.cost_usd is a text, not a decimal number"),
        (
            row(totals=TOTALS | {"estimated_cost_usd": "1"}),
            "totals.estimated_cost_usd is a text, not a number",
        ),
        (row(clients={}), "clients is not a list"),
        (row(clients=[3]), "clients holds something that is not an object"),
        (row(clients=[{"client_id": 4, **TOTALS}]), "clients.client_id is a number, not a text"),
        (row(clients=[{"client_id": "CODEX_CLI"}]), "clients.CODEX_CLI.credits is missing"),
        (row(models=""), "models is not a list"),
        (row(models=[{"model": "m", "speed": 1, "credits": 1}]), "models.speed is a number, not a text"),
        (row(code_attribution=0), "code_attribution is not an object"),
        (row(code_attribution=[]), "code_attribution is not an object"),
        (row(code_attribution={"commits": {}}), "code_attribution.lines_of_code is missing"),
        (row(code_attribution={"lines_of_code": {}}), "code_attribution.lines_of_code.added is missing"),
        (
            row(code_attribution={"lines_of_code": {"added": 1}, "commits": []}),
            "code_attribution.commits is not an object",
        ),
    ],
)
def test_a_row_that_breaks_the_contract_is_poisoned(raw: Any, reason: str) -> None:
    assert reason_for(raw) == reason


def test_a_poisoned_row_says_its_day_and_keeps_what_came() -> None:
    raw = row(totals=None)
    parsed = parse(raw)
    assert isinstance(parsed, PoisonedRow)
    assert parsed.day == DAY
    assert json.loads(parsed.raw) == raw


@pytest.mark.parametrize("start", [None, "x", True, -86_400, 10**15, 1.5])
def test_a_day_that_cannot_be_one_is_no_day(start: Any) -> None:
    parsed = parse(row(start_time=start))
    assert isinstance(parsed, PoisonedRow)
    assert parsed.day is None


def test_a_huge_poisoned_row_is_kept_in_part_and_its_reason_on_one_line() -> None:
    parsed = parse(row(clients=[{"client_id": "x\n" * 9_000}]))
    assert isinstance(parsed, PoisonedRow)
    assert len(parsed.raw) == 4_001
    assert len(parsed.reason) == 300
    assert "\n" not in parsed.reason


def test_a_row_nested_too_deeply_is_poisoned() -> None:
    deep: list[Any] = []
    for _ in range(20_000):
        deep = [deep]
    parsed = parse_usage_row(row(totals={"credits": 1}, clients=[], new_field=deep), DAYS)
    assert parsed == PoisonedRow(DAY, "row is nested too deeply", "")


@settings(derandomize=True, max_examples=600, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(PATHS), JSON)
def test_junk_anywhere_in_a_row_never_raises(path: tuple[str | int, ...], junk: Any) -> None:
    raw = spoil(path, junk)
    parsed = parse(raw)
    if isinstance(parsed, UsageRow):
        assert_sound(parsed)
    else:
        assert parsed.reason
        parsed.raw.encode()


@settings(derandomize=True)
@given(JSON)
def test_junk_in_place_of_a_row_is_poisoned(junk: Any) -> None:
    parsed = parse_json(json.dumps(junk).encode())
    for parser in (
        parse_usage_row,
        parse_workspace_row,
        parse_code_review_day,
        parse_code_review_response_day,
    ):
        assert isinstance(parser(parsed, DAYS), PoisonedRow)


def assert_sound(parsed: UsageRow) -> None:
    """Everything in the row can be written to a database."""
    for amounts in [
        parsed.totals,
        *(c.amounts for c in parsed.clients),
        *(m.amounts for m in parsed.models or ()),
    ]:
        assert all(figure is None or (type(figure) is int and 0 <= figure <= MAX_INT) for figure in amounts)
    texts = [
        parsed.account,
        parsed.email,
        parsed.actor_type,
        parsed.extra,
        *(c.client for c in parsed.clients),
    ]
    assert all(text is None or text.encode().count(b"\0") == 0 for text in texts)
    assert parsed.account
    assert parsed.email is None or parsed.email == parsed.email.strip().lower() != ""


def test_the_workspaces_row() -> None:
    raw = row(user_id=..., actor=..., models=..., code_attribution=..., seats=3)
    raw["totals"] = TOTALS | {"estimated_cost_usd": 0.88, "users": 5}
    expected = WorkspaceRow(
        DAY,
        Amounts(14, 96, 134_250_000, estimated_cost_usd_micro=880_000),
        '{"seats":3,"totals.users":5}',
    )
    assert parse_workspace_row(parse_json(json.dumps(raw).encode()), DAYS) == expected


def test_an_accounts_row_is_no_workspace_row() -> None:
    parsed = parse_workspace_row(row(), DAYS)
    assert isinstance(parsed, PoisonedRow)
    assert parsed.reason == "user_id is set, though the whole workspace's row was asked for"


REVIEWS: dict[str, Any] = {
    "object": "workspace.codex.usage.code_reviews.result",
    "start_time": DAY * 86_400,
    "end_time": (DAY + 1) * 86_400,
    "pull_request_reviews": 42,
    "comments": 120,
    "comment_details": {"p0": 12, "p1": 60, "p2": 48},
}
RESPONSES: dict[str, Any] = REVIEWS | {
    "replies": 28,
    "reactions": 70,
    "comment_response_details": {
        "engaged": 60,
        "reacted": 56,
        "upvoted": 40,
        "downvoted": 6,
        "reacted_other": 10,
        "replied": 22,
    },
    "reaction_details": {"upvotes": 50, "downvotes": 8, "other": 12},
}


def test_reviews_of_a_day() -> None:
    assert parse_code_review_day(REVIEWS | {"new": 1}, DAYS) == CodeReviewDay(DAY, 42, 120, 12, 60, 48)


def test_answers_to_reviews_of_a_day() -> None:
    expected = CodeReviewResponseDay(
        day=DAY,
        pull_request_reviews=42,
        comments=120,
        replies=28,
        reactions=70,
        engaged=60,
        reacted=56,
        upvoted=40,
        downvoted=6,
        reacted_other=10,
        replied=22,
        upvotes=50,
        downvotes=8,
        other_reactions=12,
    )
    assert parse_code_review_response_day(RESPONSES, DAYS) == expected


@pytest.mark.parametrize("field", [name for name in RESPONSES if name not in ("object", "comment_details")])
def test_every_field_of_an_answer_is_required(field: str) -> None:
    parsed = parse_code_review_response_day(RESPONSES | {field: None}, DAYS)
    assert isinstance(parsed, PoisonedRow)
    assert parsed.reason == f"{field} is missing"


def test_every_field_of_a_review_is_required() -> None:
    parsed = parse_code_review_day(REVIEWS | {"comment_details": {"p0": 1, "p1": 1}}, DAYS)
    assert isinstance(parsed, PoisonedRow)
    assert parsed.reason == "comment_details.p2 is missing"
