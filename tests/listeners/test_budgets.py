"""Budgets edited in the simulated Slack, with the real rules about who may, over both transports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.core.answers import BudgetsAnswer
from bot.core.budgets.edits import Draft, Seen
from bot.core.budgets.terms import Budget, Cycle, Scope, Unit
from bot.demo.slack.values import Json
from bot.errors import StoreError, UserError
from bot.features.ask import Ask
from bot.features.budgets.edit import CHANGED_MEANWHILE, EditBudgets, Problems
from bot.listeners.budgets import UNREADABLE
from bot.listeners.commands import BUSY
from bot.listeners.home import Home
from bot.slack.buttons import BUDGETS_BLOCK, actions, button
from bot.slack.render import render
from bot.slack.views import SlackViews
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, cast_of_everyone, everyone_in_slack, fill, hire
from tests.listeners.office import CAROL, ERIN, FINN, NOTHING_HERE, SAM, Office, reached, staffed
from tests.listeners.rig import NOON, KeptBudgets, Rig, press_json, submission_json
from tests.listeners.test_interactions import post

TEAM = Draft(Scope.TEAM, "Platform", Cycle.MONTH, Unit.CREDITS, "1000", "50, 100")
FIELDS = {"scope": "team", "name": "Platform", "amount": "2000"}


@dataclass
class Scene(Office):
    """An office in which budgets are edited."""

    desk: EditBudgets

    def shown(self, who: str, of: str = "") -> Json:
        """The budgets as ``of`` reads them, where only ``who`` sees them."""
        answer = Ask(self.store, SETTINGS).answer_slack(of or who, "budget", NOON)
        channel = self.slack.workspace.open_dm(who).id
        fields = {"text": "Budgets", "blocks": render(answer).blocks}
        return self.slack.workspace.post(channel, fields, only_for=who).body

    def budgets(self) -> list[Budget]:
        with self.store.snapshot() as snapshot:
            return snapshot.load_budgets()

    def add(self, draft: Draft = TEAM, seen: Seen | None = None) -> Budget:
        saved = self.desk.save(ERIN, draft, seen, NOON)
        assert isinstance(saved, Budget)
        return saved

    def counted(self, action: str, outcome: str) -> float:
        self.rig.interactions.close(5)
        return self.rig.count("presses_total", action=action, outcome=outcome)


@contextmanager
def scene(folder: Path, *, socket_mode: bool = False) -> Iterator[Scene]:
    store = SqliteStore(folder / "usage.db")
    store.migrate()
    hire(store, cast_of_everyone(), everyone_in_slack())
    fill(store, [date(2026, 11, 17)])
    desk = EditBudgets(store, SETTINGS)
    with staffed() as (slack, client):
        views = SlackViews(client, sleep=lambda _: None)
        answer = Ask(store, SETTINGS).answer_slack
        with (
            Rig(
                views=views,
                api_url=slack.api_url,
                budgets=desk,
                answer_budgets=answer,
                socket_mode=socket_mode,
            ) as rig,
            reached(slack, rig, client),
        ):
            yield Scene(slack, rig, store, desk)
    store.close()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path) as made:
        yield made


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket"])
def test_a_budget_is_added_edited_and_removed(tmp_path: Path, *, socket_mode: bool) -> None:
    with scene(tmp_path, socket_mode=socket_mode) as office:
        office.press(ERIN, "budget.add")
        assert office.modal(ERIN)["title"]["text"] == "A budget"
        problems = office.submit(ERIN, scope="team", name="Platfrom", amount="lots", thresholds="80 50")
        assert sorted(problems) == ["amount", "name", "thresholds"]
        assert "Did you mean \u201cPlatform\u201d?" in problems["name"]
        assert office.budgets() == []
        assert office.submit(ERIN, **FIELDS) == {}
        assert "*Team Platform, monthly*" in office.reads(ERIN, "Saved.")
        assert office.slack.workspace.modals_of(ERIN) == []

        office.press(ERIN, "budget.edit", office.slack.replies_to(ERIN)[-1])
        assert "*Team Platform, monthly*" in json.dumps(office.modal(ERIN)["blocks"][0])
        assert office.submit(ERIN, amount="3,000.5", unit="usd") == {}
        office.slack.workspace.wait_until(
            lambda: "$3,000.50" in office.slack.replies_to(ERIN)[-1]["text"], 10
        )
        (edited,) = office.budgets()
        assert (edited.version, edited.unit, edited.amount_micro) == (2, Unit.USD, 3_000_500_000)

        office.press(ERIN, "budget.remove", office.slack.replies_to(ERIN)[-1])
        assert "No budget is set." in office.reads(ERIN, "Removed.")
        assert len(office.slack.replies_to(ERIN)) == 1, "it was renewed in place each time"
        assert office.budgets() == []
        assert {change.by for change in office.store.load_budget_changes()} == {"erin@example.com"}
        assert office.counted("budget.save", "invalid") == 1
        assert office.counted("budget.save", "done") == 2
        assert office.counted("budget.remove", "done") == 1


@pytest.mark.parametrize("who", [ERIN, FINN])
@pytest.mark.parametrize("action_id", ["budget.add", "budget.edit"])
def test_admins_and_finance_get_the_form(office: Scene, who: str, action_id: str) -> None:
    office.add(Draft(Scope.ORGANISATION, "", Cycle.MONTH, Unit.CREDITS, "1000", "50"))
    office.press(who, action_id)
    assert office.modal(who)["callback_id"] == "budget"


@pytest.mark.parametrize(("who", "words"), [(CAROL, NOTHING_HERE), (SAM, "I do not know you yet")])
@pytest.mark.parametrize("action_id", ["budget.add", "budget.edit", "budget.remove"])
def test_nobody_else_gets_anything_for_a_button_of_others(
    office: Scene, who: str, words: str, action_id: str
) -> None:
    """The button came to them somehow; their own answer has none."""
    budget = office.add()
    assert "budget." not in json.dumps(office.shown(who)["blocks"])
    office.press(who, action_id, office.shown(who, of=ERIN))
    if action_id == "budget.remove":
        assert "Platform" not in office.reads(who, words)
    else:
        modal = office.modal(who)
        assert words in json.dumps(modal)
        assert "Platform" not in json.dumps(modal)
        assert "submit" not in modal
    assert office.budgets() == [budget]


@pytest.mark.parametrize(("who", "words"), [(CAROL, NOTHING_HERE), (SAM, "I do not know you yet")])
@pytest.mark.parametrize("seen", ["", "1.1"])
def test_nobody_else_can_submit(office: Scene, who: str, words: str, seen: str) -> None:
    budget = office.add()
    for typed in ("Platfrom", "Platform"):
        body = filled_in(who, typed, json.dumps({"url": "", "seen": seen}), view_id=typed)
        assert post(office.rig, body) is None, "not even whether there is such a team"
    assert office.counted("budget.save", "undelivered") == 2, "the trigger of a forged body opens nothing"
    assert office.budgets() == [budget]


def test_whoever_lost_the_right_meanwhile_reads_the_usual_words(
    office: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.press(ERIN, "budget.add")
    office.modal(ERIN)
    monkeypatch.setattr("bot.features.budgets.edit.may_edit_budgets", lambda _: False)
    assert office.submit(ERIN, scope="team", name="nowhere", amount="5") == {}
    office.reads(ERIN, NOTHING_HERE)
    assert office.budgets() == []


def test_anothers_edit_in_between_is_not_overwritten(office: Scene) -> None:
    first = office.add()
    shown = office.shown(ERIN)
    office.press(ERIN, "budget.edit", shown)
    office.modal(ERIN)
    second = office.add(
        Draft(Scope.TEAM, "Platform", Cycle.MONTH, Unit.CREDITS, "7", "50"), Seen(first.id, 1)
    )

    assert office.submit(ERIN, amount="9") == {}
    office.reads(ERIN, CHANGED_MEANWHILE)
    office.press(ERIN, "budget.remove", shown)
    office.slack.workspace.wait_until(lambda: len(office.slack.replies_to(ERIN)) == 3, 10)
    assert office.budgets() == [second]
    assert shown in office.slack.replies_to(ERIN), "what they pressed in stays"


def test_a_removed_budget_cannot_be_edited(office: Scene) -> None:
    budget = office.add()
    shown = office.shown(ERIN)
    office.desk.remove(ERIN, Seen(budget.id, 1), NOON)
    office.press(ERIN, "budget.edit", shown)
    office.reads(ERIN, "This budget was removed.")


@pytest.mark.parametrize("value", ["", "x", "-1", "1.1", "1" * 400, "\u0661"])
def test_a_value_can_be_anything(office: Scene, value: str) -> None:
    budget = office.add()
    buttons = [
        {**button(f"budget.{word}", "?"), **({"value": value} if value else {})}
        for word in ("edit", "remove")
    ]
    channel = office.slack.workspace.open_dm(ERIN).id
    blocks = [actions(buttons, BUDGETS_BLOCK)]
    shown = office.slack.workspace.post(channel, {"text": "", "blocks": blocks}).body
    office.press(ERIN, "budget.edit", shown)
    office.reads(ERIN, "This budget was removed.")
    if value != "1.1":
        office.press(ERIN, "budget.remove", shown)
        office.slack.workspace.wait_until(lambda: len(office.slack.replies_to(ERIN)) == 2, 10)
        assert office.budgets() == [budget]


@pytest.mark.parametrize("metadata", ["", "[]", "{", "{}", '{"seen": 5}', '{"seen": "1"}'])
def test_a_form_that_does_not_say_what_it_is_about_changes_nothing(office: Scene, metadata: str) -> None:
    budget = office.add()
    assert post(office.rig, filled_in(ERIN, "Platform", metadata)) is None
    office.rig.interactions.close(5)
    assert office.budgets() == [budget]


def test_what_was_not_chosen_is_asked_for(office: Scene) -> None:
    reply = post(office.rig, submission_json("V1", {"values": {}}, "", callback_id="budget"))
    assert reply["errors"] == dict.fromkeys(("scope", "cycle", "unit"), "Please choose one of these.")


def test_a_form_left_open_for_long_confirms_in_a_modal(office: Scene) -> None:
    office.press(ERIN, "budget.add")
    office.modal(ERIN)
    for _ in range(3):  # Slack takes an address no more
        office.slack.faults.status("response_url", 404)
    assert office.submit(ERIN, **FIELDS) == {}
    assert "Saved." in json.dumps(office.modal(ERIN, showing="Saved."))


def test_what_cannot_be_read_is_said_at_each_step(office: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreError("The database is locked.")

    shown = office.shown(ERIN)
    with monkeypatch.context() as patch:
        patch.setattr(office.desk, "open", fail)
        office.press(ERIN, "budget.add", shown)
        assert UNREADABLE in json.dumps(office.modal(ERIN))
    office.press(ERIN, "budget.add", shown)
    office.modal(ERIN, showing="Amount")
    with monkeypatch.context() as patch:
        patch.setattr(office.desk, "check", fail)
        assert office.submit(ERIN, **FIELDS) == {"amount": UNREADABLE}
    monkeypatch.setattr(office.desk, "check", lambda *_: None)
    monkeypatch.setattr(office.desk, "save", lambda *_: Problems({"name": "No such team."}))
    assert office.submit(ERIN, **FIELDS) == {}
    office.reads(ERIN, "No such team.")


@pytest.mark.parametrize("error", [StoreError("locked"), UserError("nothing read yet")])
def test_a_change_is_confirmed_even_when_the_budgets_cannot_be_shown(error: Exception) -> None:
    def fail(*_: object) -> BudgetsAnswer:
        raise error

    with Rig(answer_budgets=fail) as rig:
        body = press_json("budget.remove", response_url=rig.catcher.url)
        assert post(rig, body) is None
        (answer,) = rig.catcher.wait_for(1)
        assert answer["text"] == f"Removed. {UNREADABLE}"


def test_when_too_much_waits_the_form_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    with Rig() as rig:
        rig.interactions.presses.close(5)
        reply = post(rig, filled_in(ERIN, "Platform", '{"seen": ""}'))
        assert reply["errors"] == {"amount": BUSY}


def test_a_form_from_elsewhere_or_of_nobody_does_nothing() -> None:
    with Rig(home=Home(team_id="T0001")) as rig:
        elsewhere = {"team": {"id": "T0999"}}
        assert post(rig, filled_in(ERIN, "Platform", '{"seen": ""}') | elsewhere) is None
        assert post(rig, press_json("budget.remove") | elsewhere) is None
        assert post(rig, filled_in(ERIN, "Platform", '{"seen": ""}') | {"user": {}}) is None
        rig.interactions.close(5)
        assert isinstance(rig.budgets, KeptBudgets)
        assert rig.budgets.changes == []


def filled_in(who: str, name: str, metadata: str, view_id: str = "V1") -> dict[str, Any]:
    """A submission as Slack would send it, whoever made it."""
    return submission_json(
        view_id, {"values": budget_values(name)}, metadata, callback_id="budget", user={"id": who}
    )


def budget_values(name: str) -> dict[str, Any]:
    chosen = {"scope": "team", "cycle": "month", "unit": "credits"}
    typed = {"name": name, "amount": "5", "thresholds": "50"}
    return {field: {"choice": {"selected_option": {"value": value}}} for field, value in chosen.items()} | {
        field: {"choice": {"value": value}} for field, value in typed.items()
    }
