"""The stores that must keep the contract: another adapter joins by another entry here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.ports import Store
from tests.store.empty import empty_store


def _sqlite(folder: Path) -> Iterator[Store]:
    store = empty_store(folder / "codex-usage.db")
    yield store
    store.close()


ADAPTERS: dict[str, Callable[[Path], Iterator[Store]]] = {"sqlite": _sqlite}


@pytest.fixture(params=list(ADAPTERS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    yield from ADAPTERS[request.param](tmp_path)
