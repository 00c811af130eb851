"""What people see of the settings of their digests, and what is kept when they change them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.answers import NotKnown, SettingsAnswer, SettingsChange
from bot.core.digests.choice import DigestChoice
from bot.core.digests.times import WeekMoment
from bot.errors import UserError
from bot.features.digests.settings import NO_DIGEST_FOR_YOU, DigestSettings
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, answer, cast_of_everyone, email, everyone_in_slack, hire
from tests.features.rig import NOW, slack
from tests.store.empty import empty_store

FRIDAY = WeekMoment(weekday=4, minute=16 * 60 + 30)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = empty_store(tmp_path / "usage.db")
    hire(store, cast_of_everyone(), everyone_in_slack())
    yield store
    store.close()


@pytest.fixture
def desk(store: SqliteStore) -> DigestSettings:
    return DigestSettings(store, replace(SETTINGS, timezone=ZoneInfo("Asia/Tokyo")))


def kept(store: SqliteStore, name: str) -> DigestChoice:
    with store.snapshot() as snapshot:
        person = snapshot.find_person(email=email(name))
    assert person is not None
    return store.load_digest_choice(person)


def test_at_first_everything_is_as_usual(desk: DigestSettings) -> None:
    assert desk.look("UBOB", NOW) == SettingsAnswer(
        choice=DigestChoice(),
        weekday=0,
        minute=540,
        zone="Europe/Berlin",
        has_reports=True,
        next_digest=datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Berlin")),
    )
    assert desk.usual == WeekMoment(0, 540)


def test_pausing_and_resuming_keeps_the_rest(store: SqliteStore, desk: DigestSettings) -> None:
    desk.save("UBOB", FRIDAY, NOW, wants_personal=True)

    paused = desk.pause("UBOB", NOW)
    assert isinstance(paused, SettingsAnswer)
    assert (paused.next_digest, paused.change) == (None, SettingsChange.PAUSED)
    assert kept(store, "bob") == DigestChoice(is_paused=True, weekday=4, minute=990, wants_personal=True)
    resumed = desk.resume("UBOB", NOW)
    assert isinstance(resumed, SettingsAnswer)
    assert (resumed.next_digest is None, resumed.change) == (False, SettingsChange.RESUMED)
    assert kept(store, "carol") == DigestChoice()


def test_what_was_filled_in_is_kept_and_answered(store: SqliteStore, desk: DigestSettings) -> None:
    saved = desk.save("UCAROL", FRIDAY, NOW, wants_personal=True)

    assert isinstance(saved, SettingsAnswer)
    assert saved.change is SettingsChange.SAVED
    assert replace(saved, change=None) == desk.look("UCAROL", NOW) == answer(store, "carol", "settings")
    assert kept(store, "carol") == DigestChoice(weekday=4, minute=990, wants_personal=True)


def test_whoever_chooses_the_usual_time_goes_along_when_it_changes(
    store: SqliteStore, desk: DigestSettings
) -> None:
    desk.save("UBOB", FRIDAY, NOW, wants_personal=False)
    desk.save("UBOB", desk.usual, NOW, wants_personal=False)

    assert kept(store, "bob") == DigestChoice()
    assert isinstance(desk.save("UBOB", WeekMoment(0, 600), NOW, wants_personal=False), SettingsAnswer)
    assert kept(store, "bob") == DigestChoice(weekday=0, minute=600)


@pytest.mark.parametrize(
    ("viewer", "chosen", "expected"),
    [("carol", [], []), ("carol", ["own"], ["own"]), ("bob", [], ["team"]), ("dan", [], [])],
)
def test_without_reports_a_digest_comes_only_to_who_wants_a_personal_one(
    desk: DigestSettings, viewer: str, chosen: list[str], expected: list[str]
) -> None:
    found = desk.save(f"U{viewer.upper()}", FRIDAY, NOW, wants_personal=bool(chosen))

    assert isinstance(found, SettingsAnswer)
    assert (found.next_digest is not None) == bool(expected)


def test_a_manager_whose_people_have_all_left_gets_no_digest_about_them(
    store: SqliteStore, desk: DigestSettings
) -> None:
    staff = [replace(one, archived=one.name == "Carol") for one in cast_of_everyone()]
    hire(store, staff, everyone_in_slack())

    found = desk.look("UBOB", NOW)
    assert isinstance(found, SettingsAnswer)
    assert (found.has_reports, found.next_digest) == (False, None)


@pytest.mark.parametrize(
    ("in_slack", "in_roster", "expected"),
    [
        ("America/New_York", "Asia/Kolkata", "America/New_York"),
        (None, "Asia/Kolkata", "Asia/Kolkata"),
        ("No/Where", "Asia/Kolkata", "Asia/Kolkata"),
        (None, None, "Asia/Tokyo"),
    ],
)
def test_the_clock_is_slacks_then_the_rosters_then_the_companys(
    store: SqliteStore, desk: DigestSettings, in_slack: str | None, in_roster: str | None, expected: str
) -> None:
    staff = [replace(one, timezone=in_roster) for one in cast_of_everyone()]
    hire(store, staff, [slack("bob", timezone=in_slack)])

    found = desk.look("UBOB", NOW)
    assert isinstance(found, SettingsAnswer)
    assert found.zone == expected


@pytest.mark.parametrize("viewer", ["sam", "zoe", "ghost"])
def test_who_is_not_known_changes_nothing(store: SqliteStore, desk: DigestSettings, viewer: str) -> None:
    slack_id = f"U{viewer.upper()}"

    assert desk.look(slack_id, NOW) == NotKnown()
    assert desk.pause(slack_id, NOW) == NotKnown()
    assert desk.save(slack_id, FRIDAY, NOW, wants_personal=True) == NotKnown()
    assert kept(store, "zoe") == DigestChoice()


@pytest.mark.parametrize("viewer", ["root", "cfo"])
def test_who_is_not_in_the_roster_is_told_why_there_is_nothing_to_set(
    desk: DigestSettings, viewer: str
) -> None:
    for change in (desk.look, desk.pause, desk.resume):
        with pytest.raises(UserError, match="not in the company's roster") as told:
            change(f"U{viewer.upper()}", NOW)
        assert str(told.value) == NO_DIGEST_FOR_YOU
