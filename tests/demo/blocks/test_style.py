"""The style sheet: readable colours in both schemes, and no class that only one side knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot.demo.blocks
from bot.demo.blocks import draw_blocks
from tests.demo.blocks.gallery import ERRORS, MESSAGE, MODAL, NEWER, READER, UNKNOWN, chart, pie, series

FOLDER = Path(bot.demo.blocks.__file__).parent
STYLE = (FOLDER / "blocks.css").read_text("utf-8")
SCRIPT = (FOLDER / "blocks.js").read_text("utf-8")
TOKENS = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
LIGHT = dict(TOKENS.findall(STYLE[: STYLE.index("@media")]))
DARK = dict(TOKENS.findall(STYLE[STYLE.index("@media") :]))
PAIRS = [
    *(("text", ground, 4.5) for ground in ("ground", "ground-soft", "ground-raised", "ground-hover")),
    *(("text-soft", ground, 4.5) for ground in ("ground", "ground-soft", "ground-raised")),
    *((name, "ground", 4.5) for name in ("accent", "good", "warning", "danger", "code")),
    *((name, f"{name}-soft", 4.5) for name in ("accent", "warning")),
    *(("text", f"{name}-soft", 4.5) for name in ("accent", "good", "warning", "danger")),
    *(("on-accent", name, 4.5) for name in ("accent", "good", "danger")),
    *((f"chart-{place}", "ground", 3.0) for place in range(1, 7)),
    ("line-strong", "ground", 3.0),
]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_colours_can_be_told_apart(scheme: str, front: str, back: str, least: float) -> None:
    colours = LIGHT if scheme == "light" else DARK
    low, high = sorted([luminance(colours[front]), luminance(colours[back])])
    assert (high + 0.05) / (low + 0.05) >= least


def test_both_schemes_name_the_same_colours() -> None:
    assert set(LIGHT) == set(DARK)


def test_every_class_has_its_style_and_every_style_its_class() -> None:
    many = chart("line", "All", ["a"], *(series(f"s{place}", ["a"], [place]) for place in range(12)))
    parts = pie("All", **{f"part {place}": 2.0**-place for place in range(12)})
    groups = [*MESSAGE.values(), *MODAL.values(), *NEWER.values(), *UNKNOWN.values(), [many, parts]]
    html = "".join(draw_blocks(blocks, READER, errors=ERRORS) for blocks in groups)
    used = {name for names in re.findall(r' class="([^"]*)"', html) for name in names.split()}
    styled = set(re.findall(r"\.(bk-[\w-]+)", STYLE))
    by_script = set(re.findall(r"bk-[\w-]+", SCRIPT))
    assert used - styled - by_script == set()
    assert (styled | by_script) - used == set()


def test_the_script_and_the_style_fetch_nothing() -> None:
    assert not re.search(r"https?:|url\(|@import|fetch|XMLHttp|innerHTML|eval", STYLE + SCRIPT)
