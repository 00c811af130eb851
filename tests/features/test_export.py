"""Which file who gets: whose rows stand in it, what they add up to, and what becomes of it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import pytest

from bot.core.answers import (
    Answer,
    ExportAnswer,
    ExportFailed,
    ExportSent,
    HelpAnswer,
    NoReports,
    NotForYou,
    NotKnown,
)
from bot.core.commands import Export, ExportForm, ExportScope
from bot.core.periods import Period
from bot.errors import DeliveryError, UserError
from bot.features import export as module
from bot.features.ask import NOTHING_OF_YOUR_OWN
from bot.features.export import ExportDesk, Exports, file_name
from bot.store.sqlite import SqliteStore
from tests.features.cast import (
    BITS,
    LINES,
    SETTINGS,
    answer,
    cast_of_everyone,
    email,
    employee,
    everyone_in_slack,
    fill,
    hire,
    spy_on,
)
from tests.features.rig import NOW, ago
from tests.features.test_ask_table import ADMINS, BELOW, FINANCE, NOT_IN_THE_ROSTER, SEES, VIEWERS

DAY = ago(11)
"""The day before Zoe's last."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path_factory.mktemp("export") / "usage.db")
    store.migrate()
    fill(store, [DAY])
    hire(store, cast_of_everyone(), everyone_in_slack())
    yield store
    store.close()


def command(text: str = "", period: Period | None = None) -> Export:
    scope = next((scope for scope in ExportScope if scope.value in text.split()), None)
    form = ExportForm.JSON if "json" in text else ExportForm.CSV
    return Export(period or Period(DAY, ago(10)), form, scope)


def table(
    store: SqliteStore, viewer: str, text: str = "", period: Period | None = None
) -> list[dict[str, str]]:
    """The rows of somebody's file."""
    with Exports(store, SETTINGS).open_slack(f"U{viewer.upper()}", command(text, period), NOW) as found:
        assert found is not None
        written = "".join(found.lines)
    return list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline="")))


def people_in(rows: Iterable[dict[str, str]]) -> dict[str, str]:
    """Name to credits."""
    return {row["name"].lower(): row["credits"] for row in rows}


def has_none(store: SqliteStore, viewer: str, text: str = "") -> bool:
    with Exports(store, SETTINGS).open_slack(f"U{viewer.upper()}", command(text), NOW) as found:
        return found is None


@pytest.mark.parametrize("viewer", [name for name in VIEWERS if name not in FINANCE])
def test_a_file_holds_whom_one_may_see_each_with_their_own(store: SqliteStore, viewer: str) -> None:
    assert people_in(table(store, viewer)) == {name: str(BITS[name]) for name in SEES[viewer]}


@pytest.mark.parametrize("viewer", sorted(FINANCE))
def test_finance_gets_teams_and_no_names(store: SqliteStore, viewer: str) -> None:
    rows = table(store, viewer)

    assert not {"name", "email", "cost_center", "manager_email"} & rows[0].keys()
    assert sum(int(row["people"]) for row in rows) == len(LINES) - 1
    assert sum(Decimal(row["credits"]) for row in rows) == sum(BITS[name] for name in LINES)
    assert all(int(row["people"]) >= 5 for row in rows)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_scopes_are_those_of_the_commands(store: SqliteStore, viewer: str) -> None:
    own = None if viewer in NOT_IN_THE_ROSTER else {viewer}
    for text, names in (("me", own), ("team", BELOW.get(viewer))):
        if names is None:
            assert has_none(store, viewer, text)
        else:
            assert people_in(table(store, viewer, text)) == {name: str(BITS[name]) for name in names}
    if viewer in ADMINS:
        assert people_in(table(store, viewer, "org")).keys() == LINES.keys()
    elif viewer in FINANCE:
        assert table(store, viewer, "org") == table(store, viewer)
    else:
        assert has_none(store, viewer, "org")


@pytest.mark.parametrize("viewer", ["zoe", "sam", "ghost"])
@pytest.mark.parametrize("text", ["", "me", "team", "org"])
def test_who_is_not_known_gets_none(store: SqliteStore, viewer: str, text: str) -> None:
    assert has_none(store, viewer, text)
    assert answer(store, viewer, f"export {text}") == NotKnown()


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("text", ["", "me", "team", "org", "json"])
def test_the_answer_says_what_the_file_will_hold(store: SqliteStore, viewer: str, text: str) -> None:
    found: Answer = answer(store, viewer, f"export {text} {DAY}")

    if not isinstance(found, ExportAnswer):
        assert has_none(store, viewer, text)
        expected = (HelpAnswer, NoReports, NotForYou)
        assert isinstance(found, expected)
        assert not isinstance(found, HelpAnswer) or found.problem == NOTHING_OF_YOUR_OWN
        return
    rows = table(store, viewer, text.replace("json", ""))
    named = [row for row in rows if "name" in row and not row["left_on"]]
    assert found.people == (len(named) or None)
    assert (found.unattributed is not None) == (viewer in ADMINS | FINANCE and text in {"", "org", "json"})
    if found.unattributed:
        assert found.unattributed.credits_micro == BITS["sam"] * 1_000_000


def test_a_row_has_the_rosters_facts_and_a_manager_only_where_they_are_in_sight(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "usage.db")) as store:
        store.migrate()
        fill(store, [DAY, ago(12)])
        facts = {"department": "Engineering", "cost_center": "CC-110"}
        staff = [
            employee("alice"),
            employee("bob", "alice", team="Platform", **facts),
            employee("carol", "bob", **facts),
        ]
        hire(store, staff, everyone_in_slack())
        rows = {row["name"]: row for row in table(store, "bob", "", Period(ago(12), ago(10)))}
        (own,) = table(store, "carol")

    assert rows.keys() == {"Bob", "Carol"}
    assert (rows["Bob"]["manager_email"], rows["Carol"]["manager_email"]) == ("", email("bob"))
    assert own["manager_email"] == ""
    assert (own["department"], own["cost_center"]) == ("Engineering", "CC-110")
    assert (rows["Bob"]["team"], rows["Carol"]["team"]) == ("Platform", "")
    assert (rows["Carol"]["active_days"], rows["Carol"]["credits"]) == ("2", str(2 * BITS["carol"]))
    assert (rows["Bob"]["first_day"], rows["Bob"]["last_day"]) == (str(ago(12)), str(ago(11)))
    assert rows["Bob"]["contract_usd"] == str(Decimal(2 * BITS["bob"]) * Decimal("0.04"))


def test_who_left_has_a_row_while_there_is_use(store: SqliteStore) -> None:
    assert "zoe" in people_in(table(store, "bob"))
    assert "zoe" not in people_in(table(store, "bob", "", Period(ago(5), ago(4))))
    assert people_in(table(store, "bob", "", Period(ago(5), ago(4)))) == {"bob": "0", "carol": "0"}


def test_more_people_than_are_read_at_a_time(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = table(store, "erin")
    for size in (1, 2, 3):
        monkeypatch.setattr("bot.store.exports.BATCH", size)
        assert table(store, "erin") == expected


def test_a_file_of_more_than_a_spreadsheet_holds_is_refused(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 5)

    with pytest.raises(UserError, match="10 rows"):
        answer(store, "erin", "export")
    assert isinstance(answer(store, "erin", "export me"), ExportAnswer)


def test_json_holds_the_same(store: SqliteStore) -> None:
    with Exports(store, SETTINGS).open_as("Alice@example.com", command("json"), NOW) as found:
        assert found is not None
        rows: list[dict[str, Any]] = json.loads("".join(found.lines))

    assert {row["name"].lower(): str(row["credits"]) for row in rows} == people_in(table(store, "alice"))


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        (Export(Period(date(2026, 10, 1), date(2026, 11, 1))), "codex-usage_2026-10-01_2026-10-31.csv"),
        (
            Export(Period(DAY, ago(10)), ExportForm.JSON, ExportScope.TEAM),
            f"codex-usage-team_{DAY}_{DAY}.json",
        ),
    ],
)
def test_a_file_is_named_after_what_is_in_it(wanted: Export, name: str) -> None:
    assert file_name(wanted) == name


class Drawer:
    """A `bot.ports.Files` that keeps what it is given."""

    def __init__(self, failure: DeliveryError | None = None) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.kept: list[IO[bytes]] = []
        self._failure = failure

    def keep(self, lines: Iterable[str]) -> IO[bytes]:
        self.kept.append(io.BytesIO("".join(lines).encode()))
        return self.kept[-1]

    def send(self, file: IO[bytes], slack_id: str, name: str, answer: ExportAnswer) -> None:
        if self._failure:
            raise self._failure
        self.sent.append((slack_id, name, file.read().decode()))


def test_a_file_is_handed_to_who_asked(store: SqliteStore) -> None:
    drawer = Drawer()
    done = ExportDesk(Exports(store, SETTINGS), drawer).hand_over("UCAROL", command("me"), NOW)

    ((slack_id, name, written),) = drawer.sent
    assert done == ExportSent(name)
    assert slack_id == "UCAROL"
    assert "carol@example.com" in written
    assert drawer.kept[0].closed


def test_what_slack_does_not_take_is_told(store: SqliteStore) -> None:
    drawer = Drawer(DeliveryError("missing_scope: files:write"))
    desk = ExportDesk(Exports(store, SETTINGS), drawer)

    assert desk.hand_over("UCAROL", command(), NOW) == ExportFailed("missing_scope: files:write")
    assert drawer.kept[0].closed


@pytest.mark.parametrize(("viewer", "text"), [("zoe", ""), ("ghost", "me"), ("dan", "org"), ("dan", "team")])
def test_what_one_may_not_have_by_then_is_not_made(store: SqliteStore, viewer: str, text: str) -> None:
    drawer = Drawer()
    desk = ExportDesk(Exports(store, SETTINGS), drawer)

    assert desk.hand_over(f"U{viewer.upper()}", command(text), NOW) == NotForYou()
    assert not drawer.kept
    assert not drawer.sent


def test_nothing_about_people_is_read_for_who_may_not(store: SqliteStore) -> None:
    spied, reads = spy_on(store)

    with Exports(spied, SETTINGS).open_slack("UDAN", command("org"), NOW) as found:
        assert found is None
    assert set(reads) == {"find_person", "find_slack_email"}


def test_a_price_makes_a_column(store: SqliteStore) -> None:
    with Exports(store, replace(SETTINGS, credit_price_usd=None)).open_slack("UBOB", command(), NOW) as found:
        assert found is not None
        assert "contract_usd" not in "".join(found.lines)
