"""A burst is planned by oneself and those above, told to whom it concerns, seen by nobody else, and ends by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.alerts.cards import Planned, Subject
from bot.core.answers import HelpAnswer, NotForYou, NotKnown, PlansAnswer, PlansChange
from bot.core.deliveries import Letter, Order
from bot.core.digests.contents import DigestKind, ManagerDigest
from bot.core.periods import parse_period
from bot.core.plans.notices import PlanNotice
from bot.errors import UserError
from bot.features.alerts.write import pseudonym
from bot.features.deliveries.write_any import AnyWriter, CardWriter
from bot.features.digests.compose import Digests
from bot.features.plans.bursts import PLAN_OVER, EndPlans
from bot.features.plans.write import ENDED, NOT_THEIRS, PlanWriter
from bot.store.sqlite import SqliteStore
from tests.features.cast import (
    LINES,
    SETTINGS,
    answer,
    ask,
    cast_of_everyone,
    email,
    employee,
    everyone_in_slack,
    hire,
)
from tests.features.delivery_rig import Writer
from tests.features.rig import NOW, TODAY, ago
from tests.features.test_alerts import CHANNEL, evaluate, keep
from tests.features.test_alerts import store as company  # noqa: F401 - a fixture
from tests.features.test_ask_table import NOBODY_KNOWN, SEES, VIEWERS
from tests.features.test_write_alert import Channels, asks, write, writer

SAID = "3d 5x load test"
LAST_DAY = TODAY + timedelta(days=2)


@pytest.fixture(scope="module")
def everyone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = SqliteStore(tmp_path_factory.mktemp("everyone") / "usage.db")
    made.migrate()
    hire(made, cast_of_everyone(), everyone_in_slack())
    made.checkpoint()
    made.close()
    return made.engine.path


@pytest.fixture
def store(everyone: Path, tmp_path: Path) -> Iterator[SqliteStore]:
    made = SqliteStore(Path(shutil.copy(everyone, tmp_path)))
    yield made
    made.close()


def plan(store: SqliteStore, viewer: str, whose: str = "", said: str = SAID) -> PlansAnswer:
    found = answer(store, viewer, f"expect {whose and email(whose)} {said}")
    assert isinstance(found, PlansAnswer), found
    return found


def seen(store: SqliteStore, viewer: str, days: int = 0) -> set[str]:
    """Whose plans somebody is shown."""
    found = answer(store, viewer, "expect", NOW + timedelta(days=days))
    assert isinstance(found, PlansAnswer)
    return {row.plan.person.name.lower() for row in found.plans}


def orders(store: SqliteStore) -> list[Order]:
    """Every message that announces a plan."""
    with store.engine.reading() as connection:
        labels = connection.execute(
            "SELECT label FROM expectation WHERE label IS NOT NULL ORDER BY id"
        ).fetchall()
    return [one.order for (label,) in labels for one in store.load_deliveries(label)]


def told(store: SqliteStore) -> list[tuple[str, str]]:
    return [(order.kind, order.recipient) for order in orders(store)]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_who_may_plan_for_whom(store: SqliteStore, viewer: str) -> None:
    for subject in ("ghost", "sam", *LINES):
        found = answer(store, viewer, f"expect {email(subject)} {SAID}")
        if subject not in SEES[viewer]:
            assert found == NotForYou()
            continue
        assert isinstance(found, PlansAnswer)
        (row,) = found.plans
        assert (row.plan.person.email, row.plan.factor, row.plan.last_day) == (email(subject), 5, LAST_DAY)
        assert row.is_viewer == (viewer == subject)
        assert found.change is PlansChange.MADE
    assert seen(store, "erin") == SEES[viewer]


@pytest.mark.parametrize("viewer", VIEWERS)
def test_who_is_shown_whose(store: SqliteStore, viewer: str) -> None:
    for name in LINES:
        plan(store, "erin", name)
    if viewer in {"finn", "cfo"}:
        assert seen(store, viewer) == set(LINES)
    else:
        assert seen(store, viewer) == SEES[viewer]


@pytest.mark.parametrize("viewer", NOBODY_KNOWN)
def test_who_is_not_known_plans_nothing(store: SqliteStore, viewer: str) -> None:
    for text in ("expect", f"expect {SAID}", f"expect {email('carol')} {SAID}"):
        assert answer(store, viewer, text) == NotKnown()
    assert told(store) == []


def test_without_a_place_in_the_roster_there_is_nothing_of_ones_own_to_plan(store: SqliteStore) -> None:
    assert isinstance(answer(store, "cfo", f"expect {SAID}"), HelpAnswer)


def test_the_terminal_plans_as_slack_does(store: SqliteStore) -> None:
    found = ask(store).answer_as(email("Carol"), f"expect {SAID}", NOW)
    assert found == answer(store, "carol", f"expect {SAID}")
    ask(store).answer_as(email("root"), f"expect {email('dan')} {SAID}", NOW)
    listed = answer(store, "dan", "expect")
    assert isinstance(listed, PlansAnswer)
    assert listed.plans[0].by == email("root")


def test_said_twice_in_the_same_words_it_is_one_plan_told_once(store: SqliteStore) -> None:
    assert plan(store, "carol") == plan(store, "carol")
    assert told(store) == [("manager_plan", email("bob"))]


def test_it_ends_by_itself(store: SqliteStore) -> None:
    plan(store, "carol")
    assert [seen(store, "bob", days) for days in (2, 3)] == [{"carol"}, set()]


def test_a_newer_plan_takes_the_place_of_an_older_and_both_are_kept(store: SqliteStore) -> None:
    plan(store, "bob", "carol")
    plan(store, "carol", said="1d 9x demo")
    listed = answer(store, "bob", "expect")
    assert isinstance(listed, PlansAnswer)
    assert [(row.plan.factor, row.by, row.may_end) for row in listed.plans] == [(9, None, True)]
    with store.engine.reading() as connection:
        assert connection.execute("SELECT factor, by FROM expectation ORDER BY id").fetchall() == [
            (5, email("bob")),
            (9, email("carol")),
        ]
        (ended,) = connection.execute("SELECT expectation, by, newer FROM expectation_end").fetchall()
    assert ended == (1, email("carol"), 2)


@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name not in {"finn", "cfo"}])
def test_who_may_end_it(store: SqliteStore, viewer: str) -> None:
    number = plan(store, "carol").plans[0].plan.number
    ended = EndPlans(store, SETTINGS).end(f"U{viewer.upper()}", number, NOW)
    if "carol" not in SEES[viewer]:
        assert ended == NotForYou() == EndPlans(store, SETTINGS).end(f"U{viewer.upper()}", 4711, NOW)
        assert seen(store, "bob") == {"carol"}
        return
    assert isinstance(ended, PlansAnswer)
    assert ended.change is PlansChange.ENDED
    assert seen(store, "bob") == set()
    assert EndPlans(store, SETTINGS).end(f"U{viewer.upper()}", number, NOW) == NotForYou()


def test_one_that_is_over_is_ended_no_more(store: SqliteStore) -> None:
    number = plan(store, "carol").plans[0].plan.number
    with pytest.raises(UserError, match=PLAN_OVER):
        EndPlans(store, SETTINGS).end("UCAROL", number, NOW + timedelta(days=3))
    for nobody in ("UZOE", "USAM", "UGHOST"):
        assert EndPlans(store, SETTINGS).end(nobody, number, NOW) == NotKnown()


def test_who_ended_it_is_kept(store: SqliteStore) -> None:
    number = plan(store, "carol").plans[0].plan.number
    EndPlans(store, SETTINGS).end("UROOT", number, NOW)
    with store.engine.reading() as connection:
        assert connection.execute("SELECT by, newer FROM expectation_end").fetchall() == [
            (email("root"), None)
        ]


def compose(store: SqliteStore, order: Order, *, is_private: bool | None = True, days: int = 0) -> object:
    def forms_of(notice: PlanNotice) -> list[object]:
        return [notice]

    plans = PlanWriter(store, Channels(is_private=is_private), "secret", forms_of)
    cards = CardWriter(writer(store), asks(store))
    letter = AnyWriter(Writer(), plans, cards, Writer()).compose(order, NOW + timedelta(days=days))
    return letter.forms[0] if isinstance(letter, Letter) else letter


def test_a_manager_reads_who_and_why(store: SqliteStore) -> None:
    plan(store, "carol")
    (order,) = orders(store)
    assert compose(store, order) == PlanNotice(Subject(name="Carol"), 5, LAST_DAY, None, "load test")


@pytest.mark.parametrize("is_private", [False, None])
def test_a_channel_that_others_read_learns_no_name_and_no_reason(
    store: SqliteStore, *, is_private: bool | None
) -> None:
    plan(store, "bob", "carol", "2d 3x carol's load test")
    plan(store, "carol")
    channel = replace(orders(store)[-1], kind="plan", recipient=CHANNEL)
    nameless = compose(store, channel, is_private=is_private)
    assert nameless == PlanNotice(Subject(pseudonym=pseudonym("secret", email("carol"))), 5, LAST_DAY)
    assert compose(store, channel) == PlanNotice(Subject(name="Carol"), 5, LAST_DAY, None, "load test")


@pytest.mark.parametrize(("by", "name"), [("alice", "Alice"), ("root", email("root"))])
def test_who_planned_it_for_somebody_else_is_named(store: SqliteStore, by: str, name: str) -> None:
    plan(store, by, "carol")
    (order,) = orders(store)
    notice = compose(store, order)
    assert isinstance(notice, PlanNotice)
    assert notice.by == name


def test_nothing_is_told_of_what_is_over_or_of_whom_one_leads_no_more(store: SqliteStore) -> None:
    number = plan(store, "carol").plans[0].plan.number
    (order,) = orders(store)
    assert compose(store, order, days=3) == ENDED
    hire(store, [employee("carol", "gail"), employee("bob"), employee("gail")], everyone_in_slack())
    assert compose(store, order) == NOT_THEIRS
    assert compose(store, replace(order, recipient=email("nobody"))) == NOT_THEIRS
    EndPlans(store, SETTINGS).end("UCAROL", number, NOW)
    assert compose(store, order) == ENDED


def test_a_managers_digest_names_the_plans_of_direct_reports(store: SqliteStore) -> None:
    plan(store, "carol")
    week = parse_period("last week", TODAY)
    for lead, named in (("bob", ["Carol"]), ("alice", []), ("gail", [])):
        digest = Digests(store, SETTINGS).compose(DigestKind.MANAGER, email(lead), week, NOW, None)
        assert isinstance(digest, ManagerDigest)
        assert [one.person.name for one in digest.plans] == named


@pytest.mark.parametrize(("is_private", "reason"), [(True, "load test"), (False, None)])
def test_a_card_says_that_a_day_goes_beyond_the_plan(
    company: SqliteStore,  # noqa: F811 - the fixture
    *,
    is_private: bool,
    reason: str | None,
) -> None:
    answer(company, "carol", f"expect {SAID}", NOW - timedelta(days=1))
    keep(company, ago(1), {"carol": 3000})
    order = next(one for one in evaluate(company).orders if one.kind == "alert")
    (item,) = write(company, order, is_private=is_private).items
    assert item.planned == Planned(5, TODAY + timedelta(days=1), reason)


def test_a_day_as_it_was_planned_is_not_told(company: SqliteStore) -> None:  # noqa: F811 - the fixture
    answer(company, "carol", "expect 1d 20x load test", NOW - timedelta(days=1))
    keep(company, ago(1), {"carol": 400})
    assert evaluate(company).orders == ()


def test_a_plan_that_was_made_afterwards_is_not_gone_beyond(company: SqliteStore) -> None:  # noqa: F811 - the fixture
    keep(company, ago(1), {"carol": 400})
    order = next(one for one in evaluate(company).orders if one.kind == "alert")
    answer(company, "carol", "expect 1d 20x load test", NOW - timedelta(days=1))
    assert write(company, order).items[0].planned is None
