"""A world for every test, and one whose pages are so small that they split every day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.features.rig import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path) as world:
        yield world


@pytest.fixture
def paged(tmp_path: Path) -> Iterator[World]:
    """Two rows a page."""
    with World(tmp_path, page_limit=2) as world:
        yield world
