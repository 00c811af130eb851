"""Tables: what sorts how, which rows the first page shows, and how each cell is named."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from bot.demo.blocks import draw_blocks
from tests.demo.blocks.gallery import READER, Json, figure, rich, rows
from tests.demo.blocks.reading import seen


def drawn(*lines: list[Json], **more: Any) -> Markup:
    block = {"type": "data_table", "caption": "Team <1>", "rows": list(lines), **more}
    return draw_blocks([block], READER)


def text(words: str) -> Json:
    return {"type": "raw_text", "text": words}


HEAD, ONE, TWO = rows(("Who", "Credits", "Rank"), ("Al", "-", "-"), ("Bo", "-", "-"))


def test_a_column_sorts_by_number_only_where_every_cell_is_one() -> None:
    html = drawn(
        HEAD, [text("Al"), figure(12.5, "12.50"), figure(1, "1.")], [text("Bo"), figure(-3, "−3"), text("-")]
    )
    assert re.findall(r'aria-sort="none" data-sort="(\w+)"', html) == ["text", "number", "text"]
    assert re.findall(r'data-value="([^"]+)"', html) == ["12.5", "1", "-3"]


def test_the_first_page_is_shown_and_the_others_are_hidden() -> None:
    html = drawn(HEAD, *[ONE, TWO] * 4, page_size=3)
    assert html.count("<tr hidden>") == 5
    assert "1–3 of 8" in seen(html).text
    assert 'data-step="-1" disabled' in html


def test_five_rows_make_a_page_unless_told_otherwise_and_one_page_has_no_buttons() -> None:
    assert drawn(HEAD, *[ONE] * 6).count("<tr hidden>") == 1
    whole = drawn(HEAD, *[ONE] * 5)
    assert "bk-turn" not in whole
    assert "5 rows" in seen(whole).text
    assert "1 row<" in drawn(HEAD, ONE)


def test_rows_and_columns_are_named() -> None:
    html = drawn(HEAD, ONE, row_header_column_index=1)
    assert '<tr><td>Al</td><th scope="row">-</th><td>-</td></tr>' in html
    assert "<caption>Team &lt;1&gt;</caption>" in html
    assert 'role="region" aria-label="Team &lt;1&gt;" tabindex="0"' in html


def test_a_cell_may_hold_rich_text() -> None:
    cell = {"type": "rich_text", "elements": [rich({"type": "user", "user_id": "UALICE"})]}
    assert "@Alice Adams" in seen(drawn(HEAD, [cell, text("-"), text("-")])).text


def test_a_plain_table_keeps_its_alignment() -> None:
    block = {
        "type": "table",
        "rows": [HEAD, ONE],
        "column_settings": [{"align": "right", "is_wrapped": True}, {}],
    }
    html = draw_blocks([block], READER)
    assert '<th class="bk-right" scope="col">Who</th><th class="bk-left bk-unwrapped" scope="col">' in html
    assert '<td class="bk-right">Al</td>' in html
