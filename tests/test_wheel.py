"""The wheel holds whatever the program reads at run time; `make wheel` also installs and runs it."""

from __future__ import annotations

import fnmatch
import zipfile
from pathlib import Path

import pytest

from tests.wheel import WheelError, build_wheel, expected_files, missing_files, module_names, run


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("dist"))


@pytest.mark.parametrize(
    "pattern",
    [
        "bot/py.typed",
        "bot/manifest.yml",
        "bot/templates/*.j2",
        "bot/store/queries.sql",
        "bot/store/migrations/0001_*.sql",
    ],
)
def test_what_is_no_python_is_expected_inside(pattern: str) -> None:
    assert fnmatch.filter(expected_files(), pattern)


def test_nothing_that_is_expected_is_missing(wheel: Path) -> None:
    assert missing_files(wheel) == []


def test_tests_and_documents_stay_outside(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"bot"}


def test_every_module_is_named_as_it_is_imported(wheel: Path) -> None:
    names = module_names(wheel)

    assert {"bot", "bot.__main__", "bot.store", "bot.store.engine", "bot.demo.slack.server"} <= set(names)
    assert not any(name.endswith("__init__") for name in names)


def test_a_file_that_was_left_out_is_noticed(wheel: Path, tmp_path: Path) -> None:
    thinner = tmp_path / "thinner.whl"
    with zipfile.ZipFile(wheel) as whole, zipfile.ZipFile(thinner, "w") as copy:
        for name in whole.namelist():
            if name != "bot/store/queries.sql":
                copy.writestr(name, whole.read(name))

    assert missing_files(thinner) == ["bot/store/queries.sql"]


def test_a_command_that_fails_shows_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(WheelError, match=r"(?s)ended with status 3:.*not today"):
        run(["/bin/sh", "-c", "echo not today >&2; exit 3"], tmp_path)
