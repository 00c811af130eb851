"""A lasting change: found after a sync, told once in the week's digests of whoever stands above, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from bot.core.digests.choice import DigestChoice
from bot.core.digests.contents import Digest, DigestKind, Driver, ManagerDigest, NothingToSend, PersonalDigest
from bot.core.digests.times import week_of
from bot.core.models import MICRO, UsagePage
from bot.core.periods import Period
from bot.core.spikes.shifts import Shift
from bot.features.digests.compose import Digests
from bot.slack.digests import render_digest
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, cast_of_everyone, email, everyone_in_slack, hire, names_in, used
from tests.features.rig import NOW, TODAY, ago
from tests.features.test_alerts import CHANNEL, STAFF, evaluate, keep

BEGAN = TODAY
CERTAIN = TODAY + timedelta(days=6)
"""So many days make it certain."""
LAST = CERTAIN + timedelta(days=1)
WEEK = week_of(CERTAIN + timedelta(days=1))
AFTER = week_of(WEEK.until)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty days on which everybody used about 20 credits; and a week later, of which Carol used 120 a day."""
    folder = tmp_path_factory.mktemp("lasting")
    made = SqliteStore(folder / "usual.db")
    made.migrate()
    past = [ago(days) for days in range(40, 0, -1)]
    rows = [used(name, day, 20 + day.day % 3) for day in past for name in STAFF]
    with made.staging() as staged:
        staged.add(UsagePage(rows, []))
        staged.replace_days(past, NOW)
    hire(made, cast_of_everyone(), everyone_in_slack())
    evaluate(made)
    made.close()
    copyfile(folder / "usual.db", folder / "raised.db")
    later = SqliteStore(folder / "raised.db")
    live(later, {"carol": 120})
    later.close()
    return folder


@pytest.fixture
def store(folder: Path, tmp_path: Path) -> Iterator[SqliteStore]:
    yield from opened(folder / "usual.db", tmp_path)


@pytest.fixture
def raised(folder: Path, tmp_path: Path) -> Iterator[SqliteStore]:
    yield from opened(folder / "raised.db", tmp_path)


def opened(database: Path, folder: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(Path(copyfile(database, folder / "usage.db")))
    yield store
    store.close()


def live(store: SqliteStore, spent: Mapping[str, float], since: date = BEGAN, until: date = LAST) -> None:
    """So many credits a day for them from then on; each day is looked at on the day after."""
    for days in range((until - since).days + 1):
        day = since + timedelta(days=days)
        keep(store, day, spent)
        evaluate(store, NOW + timedelta(days=(day - TODAY).days + 1, hours=5))


def kept(store: SqliteStore) -> list[Shift]:
    with store.changing_incidents() as ledger:
        return list(ledger.load_shifts([], ago(100)).values())


def compose(
    store: SqliteStore, who: str, kind: DigestKind = DigestKind.MANAGER, week: Period = WEEK
) -> Digest | NothingToSend:
    digests = Digests(store, replace(SETTINGS, finance_channel=CHANNEL))
    recipient = CHANNEL if kind is DigestKind.ORGANISATION else email(who)
    return digests.compose(kind, recipient, week, NOW + timedelta(days=14), None)


def of_manager(store: SqliteStore, who: str, week: Period = WEEK) -> ManagerDigest:
    digest = compose(store, who, week=week)
    assert isinstance(digest, ManagerDigest)
    return digest


def own(store: SqliteStore, who: str) -> PersonalDigest:
    with store.snapshot() as seen:
        person = seen.find_person(email=email(who))
    assert person
    store.save_digest_choice(person, DigestChoice(wants_personal=True), NOW)
    digest = compose(store, who, DigestKind.PERSONAL)
    assert isinstance(digest, PersonalDigest)
    return digest


def test_it_is_kept_with_what_is_usual_and_what_is_now(raised: SqliteStore) -> None:
    (shift,) = kept(raised)
    assert (shift.subject, shift.since, shift.found) == (email("carol"), BEGAN, CERTAIN)
    assert (shift.last, shift.noticed) == (LAST, CERTAIN + timedelta(days=1))
    assert (shift.present_micro, shift.usual_micro) == (120 * MICRO, 21 * MICRO)


def test_finance_hears_nothing_of_it(raised: SqliteStore) -> None:
    assert raised.load_newest_event() == 0
    assert not raised.count_open_deliveries(NOW - timedelta(days=99))
    told = compose(raised, CHANNEL, DigestKind.ORGANISATION)
    assert not isinstance(told, NothingToSend)
    assert "Carol" not in repr(told)


@pytest.mark.parametrize("who", ["bob", "alice"])
def test_whoever_stands_above_reads_it_at_every_height(raised: SqliteStore, who: str) -> None:
    digest = of_manager(raised, who)
    (change,) = digest.lasting
    assert (change.person.name, change.since, change.driver) == ("Carol", BEGAN, Driver("surface", "CLI"))
    assert digest.more_lasting == 0
    said = "Lasting change: Carol, since Fri 20 Nov about 120 credits an active day, before 21"
    assert said in render_digest(digest).text


def test_nobody_else_reads_it(raised: SqliteStore) -> None:
    """Neither a peer who manages elsewhere, nor an admin, nor whoever stands below."""
    staff = [
        replace(one, manager_email=email("erin")) if one.name == "Finn" else one for one in cast_of_everyone()
    ]
    hire(raised, staff, everyone_in_slack())
    for who in ("gail", "erin"):
        digest = of_manager(raised, who)
        assert (digest.lasting, digest.more_lasting) == ((), 0)
        assert "carol" not in names_in(digest)
    assert own(raised, "dan").lasting is None
    assert own(raised, "bob").lasting is None


def test_the_person_reads_it_of_themself(raised: SqliteStore) -> None:
    digest = own(raised, "carol")
    assert digest.lasting
    assert digest.lasting.person.name == "Carol"
    assert "Lasting change: you, since Fri 20 Nov about 120 credits" in render_digest(digest).text


def test_it_is_told_in_one_week_however_long_it_lasts(raised: SqliteStore) -> None:
    live(raised, {"carol": 120}, WEEK.until, AFTER.until - timedelta(days=3))
    (shift,) = kept(raised)
    assert shift.last >= AFTER.since
    assert len(of_manager(raised, "bob").lasting) == 1
    for week in (WEEK.before(), AFTER):
        digest = compose(raised, "bob", week=week)
        assert isinstance(digest, ManagerDigest)
        assert digest.lasting == ()


def test_what_the_source_takes_back_is_not_told(raised: SqliteStore) -> None:
    for days in range(8):
        keep(raised, BEGAN + timedelta(days=days), {}, NOW + timedelta(days=9))
    evaluate(raised, NOW + timedelta(days=9))
    assert kept(raised) == []
    assert of_manager(raised, "bob").lasting == ()


def test_who_left_is_not_named(raised: SqliteStore) -> None:
    staff = [replace(one, left_on=CERTAIN) if one.name == "Carol" else one for one in cast_of_everyone()]
    hire(raised, [replace(one, archived=one.name == "Carol") for one in staff], everyone_in_slack())
    assert of_manager(raised, "alice").lasting == ()


def test_whoever_has_changed_managers_is_told_of_where_they_are_now(raised: SqliteStore) -> None:
    staff = [
        replace(one, manager_email=email("gail")) if one.name == "Carol" else one
        for one in cast_of_everyone()
    ]
    hire(raised, staff, everyone_in_slack())
    assert [one.person.name for one in of_manager(raised, "gail").lasting] == ["Carol"]
    assert of_manager(raised, "alice").lasting == ()


def test_three_are_told_and_the_others_counted(store: SqliteStore) -> None:
    """Dan, Erin and Gail are set below Bob."""
    below = {"Dan", "Erin", "Gail"}
    staff = [
        replace(one, manager_email=email("bob")) if one.name in below else one for one in cast_of_everyone()
    ]
    hire(store, staff, everyone_in_slack())
    live(store, {"carol": 120, "dan": 160, "erin": 200, "gail": 140})
    digest = of_manager(store, "bob")
    assert [one.person.name for one in digest.lasting] == ["Erin", "Dan", "Gail"]
    assert digest.more_lasting == 1
    assert "Lasting changes of 1 more person." in render_digest(digest).text


@pytest.mark.parametrize(("began", "is_told"), [(20, False), (16, False), (14, True), (10, True)])
def test_the_first_look_tells_what_was_certain_within_the_last_week_and_nothing_older(
    tmp_path: Path, began: int, *, is_told: bool
) -> None:
    """Six days make it certain. Nobody worked on the days that the first look of all alerts is about."""
    store = SqliteStore(tmp_path / "later.db")
    store.migrate()
    past = [ago(days) for days in range(50, 0, -1)]
    rows = [
        used(name, day, 120 if name == "carol" and day >= ago(began) else 20 + day.day % 3)
        for day in past
        for name in STAFF
        if day < ago(2)
    ]
    with store.staging() as staged:
        staged.add(UsagePage(rows, []))
        staged.replace_days(past, NOW)
    hire(store, cast_of_everyone(), everyone_in_slack())
    evaluate(store)
    noticed = TODAY if is_told else None
    assert [(one.subject, one.noticed) for one in kept(store)] == [(email("carol"), noticed)]
    live(store, {"carol": 120})
    assert [one.noticed for one in kept(store)] == [noticed]
    assert of_manager(store, "bob").lasting == ()
    assert len(of_manager(store, "bob", week_of(TODAY)).lasting) == is_told
    store.close()


def test_a_look_that_fails_keeps_nothing_of_it(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The change and that the day was judged are written together, so the next look finds it again."""
    live(store, {"carol": 120}, until=CERTAIN - timedelta(days=1))
    keep(store, CERTAIN, {"carol": 120})
    now = NOW + timedelta(days=7, hours=5)
    with monkeypatch.context() as broken:
        broken.setattr("bot.store.ledger.save_note", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            evaluate(store, now)
    assert kept(store) == []
    evaluate(store, now)
    assert [one.found for one in kept(store)] == [CERTAIN]
