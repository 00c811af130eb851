"""What holds for every test."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples at every run, and no judgement on how busy the machine is.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

TESTS = Path(__file__).parent


@pytest.hookimpl(trylast=True)  # the tracing for coverage must have begun
def pytest_sessionstart(session: pytest.Session) -> None:
    """Each of several workers imports a share of the tests first, and so prepares its assertions for the others.

    All import everything in the end. In the same order each would find nothing done.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if worker and session.config.args_source.name != "ARGS":
        count = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
        for path in sorted(TESTS.rglob("test_*.py"))[int(worker) :: count]:
            import_module(".".join(path.relative_to(TESTS.parent).with_suffix("").parts))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What need not be traced for coverage is not, for tracing doubles its time.

    Properties are tried on hundreds of examples; the coverage that is asked for must come from the tests that
    say what they expect. End to end the program runs in processes of its own, which are not traced anyhow.
    """
    for item in items:
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_property or "end_to_end" in item.path.parts:
            item.add_marker(pytest.mark.no_cover)


def pytest_collection_finish() -> None:
    """The tests themselves are no garbage: it need not be looked for among them again and again."""
    gc.freeze()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Nothing traces a test marked ``no_cover``: in a worker, pytest-cov's own pause leaves a tracer at work."""
    if item.get_closest_marker("no_cover") is None:
        return (yield)
    here, elsewhere = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(here)
        threading.settrace(elsewhere)
