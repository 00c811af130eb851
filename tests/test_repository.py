"""The repository hangs together: links, mentioned files, dependencies, and nothing of anybody's machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bot import __version__
from tests.documents import DOCUMENTS, README, ROOT, code_of, every_document, rows_of, section

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME: list[str] = PROJECT["dependencies"]
DEVELOPMENT: list[str] = PROJECT["optional-dependencies"]["dev"]


def tracked_files() -> list[Path]:
    """What belongs to the repository, or would with the next commit."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def anchors_of(text: str) -> set[str]:
    """The anchors that git hosts make of headings."""
    headings = re.findall(
        r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), flags=re.MULTILINE
    )
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every_document
def test_every_internal_link_leads_somewhere(name: str) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", DOCUMENTS[name]):
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = ((ROOT / name).parent / file).resolve() if file else ROOT / name
        assert target.is_file(), link
        if anchor:
            assert anchor in anchors_of(target.read_text(encoding="utf-8")), link


def test_every_document_is_reached_from_the_readme() -> None:
    linked = set(re.findall(r"\]\(([^)#\s]+)", README))

    assert {name for name in DOCUMENTS if name != "README.md"} <= linked


@every_document
def test_every_file_that_is_mentioned_exists(name: str) -> None:
    words = [word for line in code_of(DOCUMENTS[name]) for word in re.split(r"[\s=,;]+", line)]
    files = {word for word in words if re.match(r"(bot|docs|templates|tests|\.ci)/[\w./-]+$", word)}
    files |= {
        word for word in words if re.match(r"[\w.-]+\.(lock|toml|yml|md)$|Makefile$|\.env\.example$", word)
    }

    assert {file for file in files if not (ROOT / file).exists()} == set()


@every_document
def test_every_module_that_is_mentioned_exists(name: str) -> None:
    modules = {m for line in code_of(DOCUMENTS[name]) for m in re.findall(r"^bot(?:\.\w+)+$", line)}

    for module in modules:
        parts = module.split(".")
        places = [ROOT.joinpath(*parts[:n]) for n in range(len(parts), len(parts) - 2, -1)]
        assert any(place.with_suffix(".py").is_file() or place.is_dir() for place in places), module


def test_the_changes_know_this_version() -> None:
    headings = re.findall(r"^## \[(.+?)\]", DOCUMENTS["CHANGELOG.md"], flags=re.MULTILINE)

    assert headings[0] in {"Unreleased", __version__}


def test_the_picture_stands_alone() -> None:
    """Git hosts show it as an image: nothing in it may run, or come from elsewhere."""
    picture = ET.parse(ROOT / "docs/picture.svg").getroot()
    tags = {element.tag.rpartition("}")[2] for element in picture.iter()}
    attributes = {name for element in picture.iter() for name in element.attrib}

    assert tags <= {"svg", "title", "desc", "defs", "marker", "path", "rect", "line", "text"}
    assert not any("href" in name or name.startswith("on") or name == "style" for name in attributes)
    assert picture.find("{*}title") is not None


ELSEWHERE = re.compile(
    r"""(?x)
    (?<![\w./:-])/(?:home|Users|root|work|tmp|mnt)/[\w.-]+     # a path of somebody's machine
    | \b(?:pypi|test\.pypi)\.org | pythonhosted\.org          # where packages come from is not ours to say
    | (?:artifactory|nexus)\.[\w.-]+ | registry\.[\w-]+\.\w+
    | ^\s*--?(?:extra-index-url|index-url|find-links|trusted-host|i|f)[ =]
    """,
    re.MULTILINE,
)


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked_files()
        for match in ELSEWHERE.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]

    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "see " + "/home" + "/carol/bot",
        '"' + "/work" + '/main"',
        "https://files.python" + "hosted.org/packages",
        "--index" + "-url https://example.com/simple",
    ],
)
def test_what_names_a_machine_or_a_registry_would_be_noticed(text: str) -> None:
    assert ELSEWHERE.search(text)


def names_of(requirements: list[str]) -> list[str]:
    """The bare names."""
    return sorted(re.split(r"[<>=;~! ]", requirement)[0] for requirement in requirements)


@pytest.mark.parametrize(("heading", "wanted"), [("## To run", RUNTIME), ("## To develop", DEVELOPMENT)])
def test_every_dependency_has_its_reason_and_no_other(heading: str, wanted: list[str]) -> None:
    rows = rows_of(section(DOCUMENTS["docs/dependencies.md"], heading))

    assert sorted(row[0].strip("`") for row in rows) == names_of(wanted)
    assert [row[0] for row in rows if len(row[1]) < 10] == []


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [("requirements.lock", RUNTIME), ("requirements-dev.lock", RUNTIME + DEVELOPMENT)],
)
def test_every_dependency_is_locked_with_a_hash(lock: str, wanted: list[str]) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    locked = re.findall(r"^([a-z0-9-]+)==[^\n]*\\\n    --hash=", text, flags=re.MULTILINE)

    assert {name.lower() for name in names_of(wanted)} <= set(locked)
