"""What holds for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings

# The same examples at every run, and no judgement on how busy the machine is.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What need not be traced for coverage is not, for tracing doubles its time.

    Properties are tried on hundreds of examples; the coverage that is asked for must come from the tests that
    say what they expect. End to end the program runs in processes of its own, which are not traced anyhow.
    """
    for item in items:
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_property or "end_to_end" in item.path.parts:
            item.add_marker(pytest.mark.no_cover)
