"""``alerts backtest``: what would have been told, from a file and from the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.app.launch import Launch
from bot.demo.world import World
from tests.cli.conftest import Run

FIRST = date(2026, 9, 7)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is configured; Ana runs away on a Tuesday in November, a newcomer on their first day."""
    for name in ("SLACK_BOT_TOKEN", "CODEX_API_KEY", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "credits.csv"
    path.write_text("date,email,credits\n" + "".join(_rows()))
    return path


def _rows() -> Iterator[str]:
    for number in range(60):
        day = FIRST + timedelta(days=number)
        if day.weekday() >= 5:
            continue
        for person in range(20):
            yield f"{day},p{person:02}@example.com,{200 + 7 * ((person + number) % 9)}\n"
        yield f"{day},ana@example.com,{3120 if day == date(2026, 11, 3) else 240}\n"
    yield "2026-11-04,new@example.com,2500.5\n"


def test_every_alert_is_a_sentence_with_its_reason(file: Path, run: Run) -> None:
    told = run("alerts", "backtest", "--from-csv", str(file))

    assert (told.status, told.err) == (0, "")
    assert told.out == snapshot("""\
Tue 3 Nov 2026  critical  ana@example.com used 3,120 credits; a usual active day is 245.6: ×12.7. It would not have alerted under 1,007.8.
Wed 4 Nov 2026  critical  new@example.com used 2,500.5 credits and has no history yet; a usual day of others is 224.5: ×11.1. It would not have alerted under 673.4.
Alerts: 2 at low, 2 at normal, 2 at high sensitivity. Shown: normal.
""")


def test_json_is_for_machines(file: Path, run: Run) -> None:
    told = run("alerts", "backtest", "--from-csv", str(file), "--json")

    assert (told.status, told.err) == (0, "")
    assert json.loads(told.out) == snapshot(
        {
            "alerts": [
                {
                    "date": "2026-11-03",
                    "email": "ana@example.com",
                    "kind": "spike",
                    "severity": "critical",
                    "credits": 3120.0,
                    "expected": 245.572988,
                    "ratio": 12.705,
                },
                {
                    "date": "2026-11-04",
                    "email": "new@example.com",
                    "kind": "cold_start",
                    "severity": "critical",
                    "credits": 2500.5,
                    "expected": 224.472715,
                    "ratio": 11.139,
                },
            ]
        }
    )


def test_only_the_last_days_are_judged_when_said(file: Path, run: Run) -> None:
    told = run("alerts", "backtest", "--from-csv", str(file), "--json", "--days", "2")
    assert [one["email"] for one in json.loads(told.out)["alerts"]] == ["new@example.com"]


def test_a_wrong_row_is_named_after_the_others_were_judged(file: Path, run: Run) -> None:
    file.write_text(file.read_text() + "yesterday,ana@example.com,1\n")

    told = run("alerts", "backtest", "--from-csv", str(file), "--json")

    assert told.status == 1
    assert len(json.loads(told.out)["alerts"]) == 2
    assert "Line" in told.err
    assert "'yesterday' is not a date" in told.err


def test_a_file_of_no_rows_has_no_alerts(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("date,email,credits\n")

    told = run("alerts", "backtest", "--from-csv", str(path), "--json", "--days", "5")

    assert (told.status, json.loads(told.out)) == (0, {"alerts": []})


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path, run: Run) -> None:
    told = run("alerts", "backtest", "--from-csv", str(tmp_path / "none.csv"))

    assert (told.status, told.out) == (1, "")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["backtest", "--days", "0"],
        ["backtest", "--days", "many"],
        ["backtest", "--sensitivity", "extreme"],
    ],
)
def test_wrong_use_is_told(run: Run, arguments: list[str]) -> None:
    told = run("alerts", *arguments)
    assert (told.status, told.out) == (2, "")


def test_the_database_is_looked_back_on_over_sixty_days(synced: World, run: Run) -> None:
    now = datetime.now(UTC)

    told = run("alerts", "backtest", "--json", "--sensitivity", "high", launch=Launch(clock=lambda: now))

    alerts = json.loads(told.out)["alerts"]
    assert told.status == 0
    assert {one["email"] for one in alerts} & {worker.email for worker in synced.company.staff}
    first, last = alerts[0]["date"], alerts[-1]["date"]
    assert (now.date() - timedelta(days=60)).isoformat() <= first <= last < now.date().isoformat()


def test_what_is_shown_is_what_is_in_force(synced: World, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALERT_SENSITIVITY", "low")
    assert run("alerts", "backtest").out.endswith("Shown: low.\n")
    assert run("alerts", "backtest", "--sensitivity", "high").out.endswith("Shown: high.\n")
    low, shown = (run("alerts", "backtest", "--json", *more).out for more in (["--sensitivity", "low"], []))
    assert shown == low
    assert json.loads(shown)["alerts"], "the demo's company has some"
