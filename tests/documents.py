"""The documents of this repository as text, and what is found in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
}
README = DOCUMENTS["README.md"]
OPERATIONS = DOCUMENTS["docs/operations.md"]

every_document = pytest.mark.parametrize("name", sorted(DOCUMENTS))


def code_of(text: str) -> list[str]:
    """Every line of code in a document: of its blocks, and what stands between backticks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", prose)


def rows_of(text: str, first_cell: str = r"`[^|]*`") -> list[list[str]]:
    """The cells of every table row whose first cell fits."""
    rows = re.findall(rf"^\| ({first_cell}) \|(.*)\|$", text, flags=re.MULTILINE)
    return [[head, *(cell.strip() for cell in rest.split(" |"))] for head, rest in rows]


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next of the same or a higher level."""
    level = len(heading.split(maxsplit=1)[0])
    return re.split(rf"^#{{1,{level}}} ", text.split(f"\n{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[
        0
    ]
