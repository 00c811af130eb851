"""Finance and admins choose what is worth an alert, everybody else is refused, and choices are never lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.alerts.answers import AlertsAnswer, AlertsChange, LiveAlert, LookingBack
from bot.core.alerts.choice import FLOOR, Draft, InForce
from bot.core.alerts.incidents import Change, FiringDay, Happening, Incident, IncidentKey, IncidentState
from bot.core.alerts.quality import AlertQuality
from bot.core.answers import NotForYou, NotKnown
from bot.core.checks import Check, Grade
from bot.core.models import MICRO
from bot.core.periods import Period
from bot.core.spikes.findings import Sensitivity, SpikeSettings
from bot.core.visibility import Viewer, channel_sight
from bot.errors import UserError
from bot.features.alerts.choose import CHANGED_MEANWHILE, ChooseAlerts
from bot.features.ask import Ask
from bot.features.asked import Asked
from bot.features.checks.alerts import look_at_alerts
from bot.features.digests.organisation import compose_organisation
from bot.ports import Authorship
from bot.store.sqlite import SqliteStore
from tests.features.cast import SETTINGS, cast_of_everyone, email, everyone_in_slack, hire
from tests.features.rig import NOW

HIGH = Draft(Sensitivity.HIGH, "100", "5000")
CHOSEN = SpikeSettings(Sensitivity.HIGH, 100 * MICRO, hard_cap_micro=5_000 * MICRO)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "usage.db")
    store.migrate()
    hire(store, cast_of_everyone(), everyone_in_slack())
    yield store
    store.close()


def asked(store: SqliteStore, viewer: str, text: str = "alerts") -> object:
    return Ask(store, SETTINGS).answer_as(email(viewer), text, NOW)


@pytest.mark.parametrize(
    ("viewer", "refusal"),
    [("alice", NotForYou()), ("carol", NotForYou()), ("sam", NotKnown()), ("zoe", NotKnown())],
)
def test_nobody_else_can_look_or_choose(store: SqliteStore, viewer: str, refusal: object) -> None:
    desk, slack_id = ChooseAlerts(store, SETTINGS), f"U{viewer.upper()}"
    assert desk.open(slack_id) == refusal
    assert desk.check(slack_id, HIGH) == refusal
    assert desk.check(slack_id, replace(HIGH, floor="nonsense")) == refusal
    assert desk.save(slack_id, HIGH, 0, NOW) == refusal
    assert desk.save(slack_id, replace(HIGH, floor="nonsense"), 0, NOW) == refusal
    assert desk.use(slack_id, Sensitivity.LOW, 0, NOW) == refusal
    assert desk.reset(slack_id, 0, NOW) == refusal
    assert Ask(store, SETTINGS).answer_slack(slack_id, "alerts", NOW) == refusal
    assert Ask(store, SETTINGS).answer_slack(slack_id, "alerts backtest", NOW) == refusal
    assert store.load_alert_choices() == []


def test_what_is_chosen_is_in_force_until_somebody_goes_back(store: SqliteStore) -> None:
    desk = ChooseAlerts(store, SETTINGS)
    assert desk.open("UERIN") == InForce(SETTINGS.spikes)
    assert desk.check("UERIN", HIGH) == {}
    saved = desk.save("UERIN", HIGH, 0, NOW)
    assert isinstance(saved, AlertsAnswer)
    assert (saved.in_force.settings, saved.change) == (CHOSEN, AlertsChange.SAVED)
    used = desk.use("UFINN", Sensitivity.LOW, 1, NOW)
    assert isinstance(used, AlertsAnswer)
    assert used.in_force.settings == replace(CHOSEN, sensitivity=Sensitivity.LOW)
    back = desk.reset("UFINN", 2, NOW)
    assert isinstance(back, AlertsAnswer)
    assert (back.in_force.settings, back.change) == (SETTINGS.spikes, AlertsChange.RESET)
    assert [choice.by for choice in store.load_alert_choices()] == [email("erin"), *[email("finn")] * 2]


def test_nobody_overwrites_what_they_did_not_see(store: SqliteStore) -> None:
    desk = ChooseAlerts(store, SETTINGS)
    desk.save("UERIN", HIGH, 0, NOW)
    with pytest.raises(UserError, match=CHANGED_MEANWHILE):
        desk.save("UFINN", replace(HIGH, cap=""), 0, NOW)
    with pytest.raises(UserError, match=CHANGED_MEANWHILE):
        desk.use("UFINN", Sensitivity.LOW, 0, NOW)
    with pytest.raises(UserError, match=CHANGED_MEANWHILE):
        desk.reset("UFINN", -1, NOW)
    assert len(store.load_alert_choices()) == 1


def test_what_cannot_be_settings_is_said_and_not_kept(store: SqliteStore) -> None:
    desk, wrong = ChooseAlerts(store, SETTINGS), replace(HIGH, floor="-5")
    problems = desk.check("UERIN", wrong)
    assert isinstance(problems, dict)
    assert set(problems) == {FLOOR}
    with pytest.raises(UserError, match="is not an amount"):
        desk.save("UERIN", wrong, 0, NOW)
    assert store.load_alert_choices() == []


def test_the_answer_names_who_chose_what_is_not_over_and_how_good_it_was(store: SqliteStore) -> None:
    days = tuple(
        FiringDay(date(2026, 11, day), "warning", spent * MICRO, 240 * MICRO, 960 * MICRO)
        for day, spent in ((17, 3_120), (18, 1_000))
    )
    opened = datetime(2026, 10, 20, 12, tzinfo=UTC)
    subjects = [email("carol"), None, "gone@example.com", *(f"p{n}@example.com" for n in range(9))]
    with store.changing_incidents() as ledger:
        for subject in subjects:
            kind = "spike" if subject else "org_surge"
            incident = Incident(
                IncidentKey(subject, kind),
                IncidentState.OPEN,
                days if subject == email("carol") else days[1:],
            )
            ledger.save_change(Change(incident, Happening.OPENED), Authorship(opened))
    ChooseAlerts(store, SETTINGS).save("UERIN", HIGH, 0, NOW)
    answer = asked(store, "finn")
    assert isinstance(answer, AlertsAnswer)
    assert answer.chosen_by == "Erin"
    assert answer.live[0] == LiveAlert(
        "Carol", Incident(IncidentKey(email("carol"), "spike"), IncidentState.OPEN, days)
    )
    assert [one.name for one in answer.live[1:3]] == [None, "gone@example.com"]
    assert (len(answer.live), answer.more) == (10, 2)
    assert [quality.alerts for quality in answer.quality] == [12, 0]


def test_a_choice_of_somebody_without_a_name_shows_their_address(store: SqliteStore) -> None:
    store.save_alert_choice(None, "cfo@example.com", NOW, after=0)
    answer = asked(store, "erin")
    assert isinstance(answer, AlertsAnswer)
    assert answer.chosen_by == "cfo@example.com"


def test_looking_back_is_promised_first(store: SqliteStore) -> None:
    assert asked(store, "finn", "alerts backtest") == LookingBack()
    assert asked(store, "erin", "alerts at most 3 a week") == LookingBack(3)


def test_a_check_says_what_is_in_force_and_who_chose_it(store: SqliteStore) -> None:
    (configured,) = look_at_alerts(store, SETTINGS.spikes)
    assert configured == Check(
        "alerts", Grade.OK, "normal sensitivity, nothing below 250 credits, no cap; as configured"
    )
    store.save_alert_choice(CHOSEN, email("finn"), NOW, after=0)
    (chosen,) = look_at_alerts(store, SETTINGS.spikes)
    assert chosen.sentence == (
        "high sensitivity, nothing below 100 credits, a cap of 5000; chosen in Slack by finn@example.com"
    )


def test_the_channels_digest_tells_how_good_the_month_that_ended_was(store: SqliteStore) -> None:
    opened = datetime(2026, 10, 20, 12, tzinfo=UTC)
    day = FiringDay(date(2026, 10, 19), "warning", 3_120 * MICRO, 240 * MICRO, 960 * MICRO)
    incident = Incident(IncidentKey(email("carol"), "spike"), IncidentState.OPEN, (day,))
    weeks = [Period(since, since + timedelta(days=7)) for since in (date(2026, 10, 26), date(2026, 11, 2))]
    with store.changing_incidents() as ledger:
        ledger.save_change(Change(incident, Happening.OPENED), Authorship(opened))
        answered = replace(incident, state=IncidentState.ACKNOWLEDGED)
        author = Authorship(opened + timedelta(hours=2), email("finn"))
        ledger.save_change(Change(answered, Happening.ACKNOWLEDGED), author)
    with store.snapshot() as snapshot:
        asked = Asked(snapshot, SETTINGS, Viewer(None), NOW)
        told = [compose_organisation(asked, channel_sight(), week, None).alerts for week in weeks]
    october = Period(date(2026, 10, 1), date(2026, 11, 1))
    assert told == [AlertQuality(october, alerts=1, real=1, first_answer=timedelta(hours=2)), None]
