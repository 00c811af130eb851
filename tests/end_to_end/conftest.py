"""A database after its first sync, for the bots whose first sync is not what is tested."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.kill_rig import DATABASE
from tests.end_to_end.rig import build_world, run_command


@pytest.fixture(scope="session")
def synced_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """It fits every world of this folder: only their addresses differ."""
    with build_world(tmp_path_factory.mktemp("synced")) as world:
        done = run_command(world, "sync", "--quiet")
    assert done.returncode == 0, done.stderr
    return world.folder / DATABASE
