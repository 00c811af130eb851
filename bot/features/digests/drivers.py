"""What a change came through, or a week: read of those alone of whom it is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.core.digests.contents import Driver
from bot.core.digests.rules import find_driver
from bot.core.surfaces import surface_of
from bot.core.usage_sums import Splits
from bot.features.asked import model_name

_NOTHING = Splits({}, {})


def drivers_of(now: Sequence[Splits], before: Sequence[Splits]) -> list[Driver | None]:
    """The surface or model behind each change, from the splits of this week and those of the week before."""
    return [
        find_driver((_surfaces(new), _surfaces(old)), (_models(new), _models(old)))
        for new, old in zip(now, before, strict=True)
    ]


def leanings_of(splits: Sequence[Splits]) -> list[Driver | None]:
    """The surface or model through which most of each week went, where one thing did."""
    return drivers_of(splits, [_NOTHING] * len(splits))


def _surfaces(splits: Splits) -> dict[str, int]:
    sums: defaultdict[str, int] = defaultdict(int)
    for client, micro in splits.clients.items():
        sums[surface_of(client)] += micro
    return sums


def _models(splits: Splits) -> dict[str, int]:
    return {model_name(*model): micro for model, micro in splits.models.items()}
