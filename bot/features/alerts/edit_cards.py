"""Keeps the messages about incidents that stand in Slack as things are: edited as soon as anything has happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.core.alerts.ask_first import ASK
from bot.core.alerts.orders import CARDS
from bot.core.deliveries import Busy, Letter, Posted, PostOutcome, Refused, Unfit, delivery_key
from bot.ports import Editor, Rewriter, StaleCard, Store

LOOK_SECONDS = 15.0
"""Between two looks while nothing happens: a card may have been written just before, and sent just after, an event."""

PAUSE_SECONDS = 30.0
"""Until the next attempt where Slack did not answer or wants nothing from us."""


class EditCards:
    """Edits whatever does not show the newest; ``secret`` makes the keys that messages carry."""

    def __init__(
        self,
        store: Store,
        writer: Rewriter,
        editor: Editor,
        secret: str,
        *,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._store = store
        self._writer = writer
        self._editor = editor
        self._secret = secret
        self._clock = clock
        self._monotonic = monotonic
        self._seen = -1
        self._looks_at = float("-inf")
        self._rests_until = float("-inf")

    def edit_stale(self) -> None:
        """Bring every message up to date, as far as Slack lets us. Raises `StoreError`."""
        newest, now = self._store.load_newest_event(), self._monotonic()
        if now < self._rests_until or (newest == self._seen and now < self._looks_at):
            return
        self._looks_at = now + LOOK_SECONDS
        for card in self._store.load_stale_cards((*CARDS, ASK)):
            outcome = self._edit(card)
            if not isinstance(outcome, Posted | Refused | Unfit):
                pause = outcome.seconds if isinstance(outcome, Busy) else PAUSE_SECONDS
                self._rests_until = self._monotonic() + pause
                return
        self._seen = newest

    def _edit(self, card: StaleCard) -> PostOutcome:
        """A message that Slack will never let us change counts as shown, and so does one with nothing left to say."""
        letter = self._writer.rewrite(card.order, self._clock())
        outcome: PostOutcome = Unfit("It has no form.")
        key = delivery_key(self._secret, card.order)
        for form in letter.forms if isinstance(letter, Letter) else ():
            outcome = self._editor.edit(form, card.channel, card.ts, key)
            if not isinstance(outcome, Unfit):
                break
        if isinstance(outcome, Posted | Refused | Unfit):
            said = letter.said if isinstance(letter, Letter) else None
            self._store.note_shown(card.delivery, said or str(self._store.load_newest_event()))
        return outcome
