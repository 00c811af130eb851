"""The figures that every report about usage begins with, with their change against the days before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.core.formats import compact_text, count_text, credits_text, percent_text
from bot.core.metrics import change
from bot.core.models import Totals
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn
from bot.slack.words import counted, counted_credits, with_change

NOT_AVAILABLE = "not available"
NO_EARLIER_DATA = "no earlier data"
TokenField = Literal["input_tokens", "output_tokens", "total_tokens"]


@dataclass(frozen=True, slots=True)
class Stat:
    """One figure as a field; ``change`` is empty where no comparison belongs, ``details`` are lines below."""

    label: str
    value: str
    change: str = ""
    details: tuple[str, ...] = ()


def usage_stats(totals: Totals, before: Totals | None) -> list[Stat]:
    """Credits, threads, turns and tokens, in this order."""
    changes = _changes(totals, before)
    return [
        Stat("Credits", credits_text(totals.credits_micro), changes[0]),
        Stat("Threads", count_text(totals.threads), changes[1]),
        Stat("Turns", count_text(totals.turns), changes[2]),
        _tokens(totals, before),
    ]


def usage_words(subject: str, totals: Totals, before: Totals | None) -> Mrkdwn:
    """The same in full sentences, with every token counted."""
    of_credits, of_threads, of_turns = _changes(totals, before)
    return render_words(
        "used",
        subject=subject,
        spent=with_change(counted_credits(totals.credits_micro), of_credits),
        threads=with_change(counted(totals.threads, "thread"), of_threads),
        turns=with_change(counted(totals.turns, "turn"), of_turns),
        are_tokens_known=are_tokens_known(totals),
        total=_token_words("total_tokens", "token", totals, before),
        input=_token_words("input_tokens", "input token", totals, before),
        output=_token_words("output_tokens", "output token", totals, before),
        totals=totals,
    )


def change_text(now: int, before: int | None) -> str:
    """``+12 %``; ``none before`` for a rise from nothing, empty where there is nothing to compare with."""
    if before is None:
        return ""
    if before == 0:
        return percent_text(change(1, 1)) if now == 0 else "none before"
    return percent_text(change(now, before))


def are_tokens_known(totals: Totals) -> bool:
    """False when there was use and no row told its tokens."""
    return totals.token_rows > 0 or totals.rows == 0


def token_note(totals: Totals, unit: str) -> str:
    """``Tokens are known for 12 of 20 days only`` where they cover a part, else empty."""
    if not are_tokens_known(totals) or totals.token_rows >= totals.rows:
        return ""
    return f"Tokens are known for {count_text(totals.token_rows)} of {count_text(totals.rows)} {unit} only"


def field_of(stat: Stat) -> Mrkdwn:
    """The figure as a short field of a section."""
    return render_words(
        "field", label=stat.label, value=with_change(stat.value, stat.change), details=stat.details
    )


def _changes(totals: Totals, before: Totals | None) -> tuple[str, str, str]:
    """Of credits, threads and turns."""
    if before is None:
        return "", "", ""
    return (
        change_text(totals.credits_micro, before.credits_micro),
        change_text(totals.threads, before.threads),
        change_text(totals.turns, before.turns),
    )


def _tokens(totals: Totals, before: Totals | None) -> Stat:
    if not are_tokens_known(totals):
        return Stat("Tokens", NOT_AVAILABLE)
    cached, uncached = totals.cached_input_tokens, totals.uncached_input_tokens
    split = f"{compact_text(cached)} cached, {compact_text(uncached)} uncached"
    details = (
        f"Input: {compact_text(totals.input_tokens)} ({split})",
        f"Output: {compact_text(totals.output_tokens)}",
    )
    change_of_all = _token_change("total_tokens", totals, before)
    shown = details if totals.total_tokens else ()
    return Stat("Tokens", compact_text(totals.total_tokens), change_of_all, shown)


def _token_words(field: TokenField, noun: str, totals: Totals, before: Totals | None) -> str:
    return with_change(counted(getattr(totals, field), noun), _token_change(field, totals, before))


def _token_change(field: TokenField, totals: Totals, before: Totals | None) -> str:
    """Two sums of which one covers a part only cannot be compared."""
    if before is None:
        return ""
    if not are_tokens_known(before):
        return NO_EARLIER_DATA
    if totals.token_rows < totals.rows or before.token_rows < before.rows:
        return "not comparable"
    return change_text(getattr(totals, field), getattr(before, field))
