"""What holds for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings

# The same examples at every run, and no judgement on how busy the machine is.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Properties are tried on hundreds of examples, each of which runs twice as long when it is traced.

    So they run untraced: the coverage that is asked for must come from the tests that say what they expect.
    """
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.no_cover)
