"""Looks through past days for finance, in a process of its own, so that no answer waits for it."""

from __future__ import annotations

import json
import logging
import subprocess
import threading
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.config import Config
from bot.core.alerts.answers import LookBackAnswer, LookingBack
from bot.core.alerts.choice import in_force
from bot.core.answers import Answer
from bot.core.periods import Period
from bot.core.spikes.findings import Sensitivity
from bot.core.spikes.look_back import LOOK_BACK_DAYS, LookBack, finding_of, for_finance
from bot.core.visibility import OPERATOR
from bot.errors import UserError
from bot.features.alerts.backtest import backtest_store
from bot.features.ask import Ask
from bot.features.asked import AskSettings
from bot.ports import Clock
from bot.store.sqlite import SqliteStore

AT_MOST_SECONDS = 25 * 60
"""A little less than the address of an answer lives in Slack."""

FAILED = "The past days could not be looked through; the bot's log says why."
TOO_LONG = (
    "That took more than 25 minutes, so it was given up. "
    "`codex-usage-bot alerts backtest` does the same where the bot runs, for as long as it takes."
)

log = logging.getLogger(__name__)


def look_back(config: Config, store: SqliteStore, asked: LookingBack, now: datetime) -> LookBackAnswer:
    """The same in this process, for as long as it takes."""
    chosen = in_force(config.spikes, store.load_alert_choice())
    period = Period(now.date() - timedelta(days=LOOK_BACK_DAYS), now.date())
    told = backtest_store(store, OPERATOR, period, chosen.settings, list(Sensitivity))
    return LookBackAnswer(for_finance(told, period), chosen, asked.most_a_week)


class LookBacks:
    """One process at a time; what it found is kept until usage, people, settings or the day change."""

    def __init__(
        self, store: SqliteStore, settings: AskSettings, command: Sequence[str], clock: Clock
    ) -> None:
        self._store = store
        self._settings = settings
        self._command = [*command, "alerts", "backtest", "--json", "--compare"]
        self._clock = clock
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = False
        self._kept: tuple[str, LookBack] | None = None

    def look(self, slack_id: str, text: str) -> Answer:
        """What a text that is answered by `LookingBack` finds. Whether one may know is decided once more at the end.

        Raises `UserError` and `StoreError`.
        """
        with self._turn:
            look = self._looked()
        answer = Ask(self._store, self._settings).answer_slack(slack_id, text, self._clock())
        if not isinstance(answer, LookingBack):
            return answer
        chosen = in_force(self._settings.spikes, self._store.load_alert_choice())
        return LookBackAnswer(look, chosen, answer.most_a_week)

    def stop(self) -> None:
        """End what runs: nobody would read its answer."""
        self._is_over = True
        if process := self._process:
            process.kill()

    def _looked(self) -> LookBack:
        mark = self._mark()
        if self._kept and self._kept[0] == mark:
            return self._kept[1]
        look = _read(self._run())
        self._kept = (mark, look)
        return look

    def _mark(self) -> str:
        with self._store.snapshot() as snapshot:
            usage = snapshot.load_usage_mark()
        chosen = in_force(self._settings.spikes, self._store.load_alert_choice()).settings
        return f"{usage} on {self._clock().date()} by {chosen.floor_micro}, {chosen.hard_cap_micro}"

    def _run(self) -> bytes:
        with subprocess.Popen(self._command, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own command
            self._process = process
            if self._is_over:
                process.kill()
            try:
                output, _ = process.communicate(timeout=AT_MOST_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise UserError(TOO_LONG) from None
            finally:
                self._process = None
        if process.returncode:
            log.warning("Looking through past days ended with status %d", process.returncode)
            raise UserError(FAILED)
        return output


def _read(output: bytes) -> LookBack:
    """What ``alerts backtest --json --compare`` printed."""
    found = json.loads(output)
    told = {
        Sensitivity(one): [finding_of(each) for each in each_]
        for one, each_ in found["by_sensitivity"].items()
    }
    return for_finance(told, Period(date.fromisoformat(found["since"]), date.fromisoformat(found["until"])))
