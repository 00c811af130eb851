"""Days of usage: staged, doubted, replaced whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.days import Doubt
from bot.core.models import Amounts, CodeAttribution, Totals, UsagePage, UsageRow
from bot.errors import SourceError
from bot.ports import DayChange, Store
from tests.store.rig import EVERYONE, MONDAY, NOW, WEEK, amounts, poisoned, save_people, sync_day, usage_row

TUESDAY = MONDAY + timedelta(days=1)


def credits_of(store: Store) -> int:
    with store.snapshot() as seen:
        return seen.load_totals(EVERYONE, WEEK).credits_micro


def test_nobody_sees_what_is_staged_until_its_day_is_replaced(store: Store) -> None:
    with store.staging() as staged:
        staged.add(UsagePage([usage_row("a", MONDAY, 5), usage_row("a", TUESDAY, 7)], []))
        assert credits_of(store) == 0
        assert staged.replace_days([MONDAY], NOW) == DayChange(new=1)
        assert credits_of(store) == 5
    assert credits_of(store) == 5


def test_a_staging_area_begins_empty(store: Store) -> None:
    with store.staging() as staged:
        staged.add(UsagePage([usage_row("a", MONDAY, 5)], []))
    with store.staging() as staged:
        assert staged.read_day(MONDAY)[0].rows == 0


def test_a_fetch_that_fails_leaves_the_days_as_they_were(store: Store) -> None:
    sync_day(store, MONDAY, [usage_row("a", MONDAY, 5)])

    def fail() -> None:
        with store.staging() as staged:
            staged.add(UsagePage([usage_row("a", MONDAY, 99)], []))
            raise SourceError("The Codex API went away")

    with pytest.raises(SourceError):
        fail()
    assert credits_of(store) == 5
    assert sync_day(store, MONDAY, [usage_row("a", MONDAY, 6)]) == DayChange(changed=1)


def test_a_day_counts_what_is_new_changed_and_vanished(store: Store) -> None:
    first = [usage_row("same", totals=1), usage_row("other", totals=2), usage_row("gone", totals=4)]
    assert sync_day(store, MONDAY, first) == DayChange(new=3)
    assert sync_day(store, MONDAY, first) == DayChange()
    second = [usage_row("same", totals=1), usage_row("other", totals=3), usage_row("came", totals=8)]
    assert sync_day(store, MONDAY, second) == DayChange(new=1, changed=1, vanished=1)
    assert credits_of(store) == 1 + 3 + 8
    assert sync_day(store, MONDAY, []) == DayChange(vanished=3)
    assert credits_of(store) == 0


def test_a_day_split_over_pages_is_one_day(store: Store) -> None:
    with store.staging() as staged:
        staged.add(UsagePage([usage_row("a", MONDAY, 1), usage_row("b", MONDAY, 2)], []))
        staged.add(UsagePage([usage_row("c", MONDAY, 4), usage_row("a", TUESDAY, 8)], []))
        staged.add(UsagePage([], []))
        staged.add(UsagePage([usage_row("b", TUESDAY, 16)], []))
        assert staged.replace_days([MONDAY], NOW) == DayChange(new=3)
        assert staged.replace_days([TUESDAY], NOW) == DayChange(new=2)
    assert credits_of(store) == 31


FULL = usage_row(
    "a",
    totals=amounts(10, cost=3, estimate=4, tokens=(1, 2, 3, 6)),
    email="a@example.com",
    clients={"CODEX_CLI": amounts(6), "brand/new ✨": amounts(4)},
    models={("gpt-x", "fast"): amounts(9), ("gpt-x", None): amounts(1)},
    code=CodeAttribution(5, 4, 3, 2, 1, 6, 7, 8),
    extra='{"later":1}',
)


@pytest.mark.parametrize("pages", [1, 2], ids=["within a page", "on two pages"])
def test_of_two_rows_of_an_account_and_day_the_last_counts_alone(store: Store, pages: int) -> None:
    """Nothing of the first stays: no client, model, attribution or unknown field."""
    last = usage_row("a", totals=3, clients={"IDE": amounts(3)})
    with store.staging() as staged:
        if pages == 1:
            staged.add(UsagePage([FULL, usage_row("b", totals=1), last], []))
        else:
            staged.add(UsagePage([FULL, usage_row("b", totals=1)], []))
            staged.add(UsagePage([last], []))
        assert staged.read_day(MONDAY)[0].rows == 2
        staged.replace_days([MONDAY], NOW)
    with store.snapshot() as seen:
        usage = seen.load_usage(EVERYONE, WEEK)
    assert usage.totals.credits_micro == 4
    assert set(usage.clients) == {"IDE"}
    assert usage.models == {}
    assert usage.code.rows == 0


def test_everything_a_row_tells_comes_back(store: Store) -> None:
    """Client ids verbatim, a speed apart from no speed, attribution beside the usage."""
    sync_day(store, MONDAY, [FULL])
    with store.snapshot() as seen:
        usage = seen.load_usage(EVERYONE, WEEK)
    assert usage.days == {
        MONDAY: Totals(
            rows=1,
            threads=1,
            turns=2,
            credits_micro=10,
            cost_usd_micro=3,
            cost_rows=1,
            estimated_cost_usd_micro=4,
            estimated_rows=1,
            uncached_input_tokens=1,
            cached_input_tokens=2,
            output_tokens=3,
            total_tokens=6,
            token_rows=1,
        )
    }
    assert {name: part.credits_micro for name, part in usage.clients.items()} == {
        "CODEX_CLI": 6,
        "brand/new ✨": 4,
    }
    assert {key: part.credits_micro for key, part in usage.models.items()} == {
        ("gpt-x", "fast"): 9,
        ("gpt-x", None): 1,
    }
    assert (usage.code.rows, usage.code.lines_added, usage.code.total_commits) == (1, 5, 8)


def variants() -> dict[str, UsageRow]:
    """The full row with one thing changed at a time."""
    totals = FULL.totals
    changed: dict[str, UsageRow] = {}
    for position, field in enumerate(Amounts._fields):
        more = (totals[position] or 0) + 1
        changed[f"totals.{field}"] = FULL._replace(totals=_with(totals, position, more))
        if field != "credits_micro":
            changed[f"null totals.{field}"] = FULL._replace(totals=_with(totals, position, None))
    code = CodeAttribution(5, 4, 3, 2, 1, 6, 7, 8)
    changed |= {
        f"code.{field}": FULL._replace(code=code._replace(**{field: 99})) for field in CodeAttribution._fields
    }
    return changed | {
        "a client less": FULL._replace(clients=FULL.clients[:1]),
        "a client's amount": FULL._replace(
            clients=(FULL.clients[0], FULL.clients[1]._replace(amounts=amounts(5)))
        ),
        "a model less": FULL._replace(models=(FULL.models or ())[:1]),
        "a model's speed": FULL._replace(
            models=((FULL.models or ())[0], (FULL.models or ())[1]._replace(speed="slow"))
        ),
        "an empty list of models": FULL._replace(models=()),
        "no list of models": FULL._replace(models=None),
        "no attribution": FULL._replace(code=None),
        "another unknown field": FULL._replace(extra='{"later":2}'),
        "no unknown field": FULL._replace(extra=None),
    }


def _with(whole: Amounts, position: int, figure: int | None) -> Amounts:
    return Amounts._make([*whole[:position], figure, *whole[position + 1 :]])


@pytest.mark.parametrize("what", sorted(variants()))
def test_a_change_of_anything_is_a_change_and_has_another_fingerprint(store: Store, what: str) -> None:
    changed = variants()[what]
    prints = []
    for row, expected in (
        (FULL, DayChange(new=1)),
        (FULL, DayChange()),
        (changed, DayChange(changed=1)),
        (changed, DayChange()),
        (FULL, DayChange(changed=1)),
    ):
        with store.staging() as staged:
            staged.add(UsagePage([row], poisoned()))
            prints.append(staged.read_day(MONDAY)[0].fingerprint)
            assert staged.replace_days([MONDAY], NOW) == expected
    assert prints[0] == prints[1] == prints[4]
    assert prints[2] == prints[3] != prints[0]


def test_a_fingerprint_goes_by_content_not_by_order_or_pages(store: Store) -> None:
    rows = [usage_row(name, totals=n, clients={"IDE": amounts(n)}) for n, name in enumerate("abc")]
    prints = set()
    for pages in ([rows], [rows[::-1]], [rows[:1], rows[1:]], [[rows[0]], rows]):
        with store.staging() as staged:
            staged.add(UsagePage([], poisoned()))
            for page in pages:
                staged.add(UsagePage(page, []))
            prints.add(staged.read_day(MONDAY)[0].fingerprint)
    assert len(prints) == 1


def test_only_a_reading_that_may_be_refused_has_a_fingerprint(store: Store) -> None:
    with store.staging() as staged:
        staged.add(UsagePage([FULL], []))
        assert staged.read_day(MONDAY)[0].fingerprint == ""


def test_a_model_and_an_attribution_with_the_same_figures_differ(store: Store) -> None:
    """Two readings that put the same numbers into different places are not the same reading."""
    model = usage_row("a", models={("m", None): Amounts(None, None, 5, 1, 1, 1, 1, 1, 3)})
    code = usage_row("a", models={}, code=CodeAttribution(1, 5, 1, 1, 1, 1, 1, 0))
    prints = []
    for row in (model, code):
        with store.staging() as staged:
            staged.add(UsagePage([row], poisoned()))
            prints.append(staged.read_day(MONDAY)[0].fingerprint)
    assert prints[0] != prints[1]


def test_a_reading_stands_beside_what_is_stored(store: Store) -> None:
    sync_day(store, MONDAY, [usage_row("a"), usage_row("b")])
    with store.staging() as staged:
        staged.add(UsagePage([usage_row("a")], [*poisoned(MONDAY, 2), *poisoned(TUESDAY), *poisoned(None)]))
        reading, doubt = staged.read_day(MONDAY)
        assert (reading.day, reading.rows, reading.poisoned, reading.stored_rows) == (MONDAY, 1, 2, 2)
        assert doubt is None
        assert reading.fingerprint
        assert staged.read_day(TUESDAY)[0].poisoned == 1


def test_a_refused_day_keeps_the_old_rows_and_the_doubt_until_it_is_replaced(store: Store) -> None:
    sync_day(store, MONDAY, [usage_row("a", totals=5)])
    first = Doubt(MONDAY, "it shrank", "f1", 1, NOW)
    second = Doubt(MONDAY, "it shrank more", "f2", 2, NOW + timedelta(hours=1))
    with store.staging() as staged:
        staged.add(UsagePage([], []))
        for doubt in (first, second):
            staged.refuse_day(doubt)
            assert staged.read_day(MONDAY)[1] == doubt
        assert staged.read_day(TUESDAY)[1] is None
    assert credits_of(store) == 5
    with store.snapshot() as seen:
        assert seen.load_freshness(WEEK, NOW).refused == (MONDAY,)
        assert seen.load_admin_status().refused_days == (MONDAY,)
    sync_day(store, MONDAY, [])
    with store.snapshot() as seen:
        assert seen.load_freshness(WEEK, NOW).refused == ()


def test_an_account_that_is_nobodys_counts_for_the_company_alone(store: Store) -> None:
    sync_day(store, MONDAY, [usage_row("a", totals=5), usage_row("x", totals=7)])
    save_people(store, owners={"a": "alice@example.com"})
    with store.snapshot() as seen:
        assert seen.load_totals(EVERYONE, WEEK).credits_micro == 12
        assert seen.load_unattributed(EVERYONE, WEEK).credits_micro == 7
        assert seen.count_active(EVERYONE, WEEK) == 1
