"""Splits of a total, by surface or model, as bars of signs with their shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.core.formats import compact_text
from bot.core.models import MICRO, Slice, Totals
from bot.core.surfaces import OTHER
from bot.slack.bars import bar
from bot.slack.blocks import Block, section
from bot.slack.columns import compact_column, credits_column
from bot.slack.templates import render_words
from bot.slack.text import Mrkdwn, plain
from bot.slack.words import counted, counted_credits

SURFACE, MODEL = "surface", "model"
MOST = 6
IN_THE_TOTAL_ONLY = "counted in the total only"
_LEAST_MICRO = MICRO // 100  # less than can be written is the rounding of the source's own sums
_LABEL_LIMIT = 40
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class SliceWords:
    """One slice in words."""

    label: str
    bar: str
    share: str
    figures: tuple[str, ...]


def slice_blocks(kind: str, slices: Sequence[Slice], totals: Totals) -> list[Block]:
    """A list of bars; none where nothing was used. ``kind`` says what the slices are."""
    words = slice_words(kind, slices, totals)
    return [section(render_words("slices", kind=kind, slices=words))] if words else []


def slice_sentences(kind: str, slices: Sequence[Slice], totals: Totals) -> list[Mrkdwn]:
    """The same as a sentence."""
    words = slice_words(kind, slices, totals)
    return [render_words("slices_text", kind=kind, slices=words)] if words else []


def slice_words(kind: str, slices: Sequence[Slice], totals: Totals) -> list[SliceWords]:
    """At most eight slices: the large ones by name, all others in one, and what belongs to none."""
    weigh = _weight(slices)
    shown = _folded(kind, [item for item in slices if item.totals.is_active])
    rest = _unsplit(slices, totals)
    parts = [*shown, *rest]
    weights = [weigh(item.totals) for item in parts]
    figures = [*_figures(parts)]
    labels = [*(plain(item.label, _LABEL_LIMIT, empty="unnamed") for item in shown)]
    if rest:
        labels.append(f"Without a {kind}")
        figures[-1] = (f"{figures[-1][0]}, {IN_THE_TOTAL_ONLY}",)
    whole = sum(weights)
    return [
        SliceWords(label, bar(weight, whole), portion_text(weight, whole), texts)
        for label, weight, texts in zip(labels, weights, figures, strict=True)
        if whole
    ]


def portion_text(part: int, whole: int) -> str:
    """``62 %``; all is said of all only, nothing of nothing only."""
    percent = (200 * part + whole) // (2 * whole)
    if percent == 0 and part:
        return "<1 %"
    return ">99 %" if percent == _HUNDRED and part < whole else f"{percent} %"


def _unsplit(slices: Sequence[Slice], totals: Totals) -> list[Slice]:
    """The credits that the source did not split, so that no share looks larger than it is."""
    missing_micro = totals.credits_micro - sum(item.totals.credits_micro for item in slices)
    if not slices or missing_micro < _LEAST_MICRO:
        return []
    return [Slice("", Totals(credits_micro=missing_micro))]


def _weight(slices: Sequence[Slice]) -> Callable[[Totals], int]:
    """What the shares are of: credits, and where none were used turns, else tokens."""
    if any(item.totals.credits_micro for item in slices):
        return lambda totals: totals.credits_micro
    if any(item.totals.turns for item in slices):
        return lambda totals: totals.turns
    return lambda totals: totals.total_tokens


def _folded(kind: str, slices: Sequence[Slice]) -> list[Slice]:
    """The source's own "other" and whatever is too small for a line of its own are one, the last."""
    named = [item for item in slices if item.label.lower() != OTHER.lower()]
    others = [item for item in slices if item.label.lower() == OTHER.lower()]
    if len(named) + bool(others) > MOST:
        named, others = named[: MOST - 1], [*named[MOST - 1 :], *others]
    if not others:
        return named
    return [*named, Slice(f"{OTHER} {kind}s", sum((item.totals for item in others), Totals()))]


def _figures(slices: Sequence[Slice]) -> list[tuple[str, ...]]:
    spent = credits_column([item.totals.credits_micro for item in slices])
    tokens = compact_column([compact_text(item.totals.total_tokens) for item in slices])
    return [
        tuple(_parts(item.totals, amount, token_text))
        for item, amount, token_text in zip(slices, spent, tokens, strict=True)
    ]


def _parts(totals: Totals, spent: str, tokens: str) -> list[str]:
    parts = [counted_credits(totals.credits_micro, spent)]
    if totals.threads:
        parts.append(counted(totals.threads, "thread"))
    if totals.turns:
        parts.append(counted(totals.turns, "turn"))
    if totals.token_rows:
        parts.append(f"{tokens} tokens")
    return parts
