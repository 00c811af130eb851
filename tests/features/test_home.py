"""Whose figures stand in whose Home tab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.answers import NotKnown
from bot.core.home import HomeAnswer
from bot.features.home import Homes
from bot.store.sqlite import SqliteStore
from tests.features.cast import (
    SETTINGS,
    answer,
    cast_of_everyone,
    everyone_in_slack,
    fill,
    hire,
    names_in,
    whose,
)
from tests.features.rig import NOW, ago
from tests.features.test_ask_table import ADMINS, BELOW, FINANCE, NOT_IN_THE_ROSTER, VIEWERS

DAY = ago(11)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path_factory.mktemp("home") / "usage.db")
    store.migrate()
    fill(store, [DAY])
    hire(store, cast_of_everyone(), everyone_in_slack())
    yield store
    store.close()


def home(store: SqliteStore, viewer: str) -> HomeAnswer:
    found = Homes(store, SETTINGS).compose(f"U{viewer.upper()}", NOW)
    assert isinstance(found, HomeAnswer)
    return found


@pytest.mark.parametrize("viewer", VIEWERS)
def test_everyone_sees_themselves_and_managers_the_sums_below(store: SqliteStore, viewer: str) -> None:
    found = home(store, viewer)

    own = [] if viewer in NOT_IN_THE_ROSTER else [viewer]
    assert set(names_in(found)) == set(own)
    assert ([] if found.own is None else sorted(whose(found.own.figures.totals))) == own
    assert (found.team is not None) == (viewer in BELOW)
    if found.team:
        assert whose(found.team.totals) == BELOW[viewer]
        assert (found.team.people, found.team.active) == (len(BELOW[viewer] - {"zoe"}),) * 2


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_tab_says_what_the_commands_say(store: SqliteStore, viewer: str) -> None:
    found = home(store, viewer)

    assert (found.is_admin, found.is_finance) == (viewer in ADMINS, viewer in FINANCE)
    assert found.lines == answer(store, viewer, "help").lines  # type: ignore[union-attr]  # it is help
    if found.person is None:
        assert (found.own, found.settings, found.team) == (None, None, None)
    else:
        assert found.own == answer(store, viewer, "me")
        assert found.settings == answer(store, viewer, "settings")


@pytest.mark.parametrize("viewer", ["zoe", "sam", "ghost"])
def test_who_is_not_known_sees_nothing(store: SqliteStore, viewer: str) -> None:
    assert Homes(store, SETTINGS).compose(f"U{viewer.upper()}", NOW) == NotKnown()


def test_a_change_is_told_where_the_days_before_were_read(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "usage.db")
    store.migrate()
    fill(store, [ago(days) for days in range(1, 57)])
    hire(store, cast_of_everyone(), everyone_in_slack())
    found = home(store, "bob")
    store.close()

    assert found.team is not None
    assert found.team.before is not None
    assert whose(found.team.before, 28) == {"carol", "zoe"}
    assert found.team.active_before == 1
    assert found.own is not None
    assert found.own.figures.before is not None
