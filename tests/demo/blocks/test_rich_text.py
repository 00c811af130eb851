"""Rich text: every inline element, nested lists, and what cannot become a link."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.demo.blocks import draw_blocks
from bot.demo.blocks.rich_text import draw_rich_text
from tests.demo.blocks.gallery import READER, Json, rich, words
from tests.demo.blocks.reading import seen


def items(indent: int, *texts: str, style: str = "bullet", **more: Any) -> Json:
    elements = [rich(words(text)) for text in texts]
    return {"type": "rich_text_list", "style": style, "indent": indent, "elements": elements, **more}


def test_lists_are_nested_by_their_indents() -> None:
    lists = [items(0, "a", "b"), items(1, "c", style="ordered"), items(2, "d"), items(1, "e"), items(0, "f")]
    assert str(draw_rich_text(lists, READER)).replace(' class="bk-list"', "") == (
        "<ul><li>a</li><li>b<ol><li>c<ul><li>d</li></ul></li></ol><ul><li>e</li></ul></li></ul>"
        "<ul><li>f</li></ul>"
    )


def test_an_ordered_list_goes_on_where_another_stopped() -> None:
    assert 'start="5"' in draw_rich_text([items(0, "a", style="ordered", offset=4)], READER)


def test_styles_wrap_each_other() -> None:
    html = draw_rich_text([rich(words("x", bold=True, code=True, highlight=True, italic=False))], READER)
    assert html == '<div><mark><strong><code class="bk-code">x</code></strong></mark></div>'


def test_text_is_literal_and_links_are_harmless() -> None:
    elements = [
        words("*no* <b> &amp; :tada:\n"),
        {"type": "link", "url": "javascript:alert(1)", "text": "press"},
        {"type": "link", "url": "https://example.com/?a=<&b"},
        {"type": "color", "value": 'red"/><script>'},
        {"type": "emoji", "name": "unheard_of"},
        {"type": "emoji", "name": "unheard_of", "unicode": "1f680"},
        {"type": "emoji", "name": "odd", "unicode": "ffffff"},
        {"type": "date", "timestamp": 10**12, "format": "{time}", "fallback": "later"},
    ]
    reading = seen(draw_rich_text([rich(*elements)], READER))
    assert reading.text == (
        '*no* <b> &amp; :tada:\npresshttps://example.com/?a=<&bred"/><script>:unheard_of:\N{ROCKET}:odd:later'
    )
    assert reading.links == ["https://example.com/?a=<&b"]


@given(st.lists(st.tuples(st.integers(0, 8), st.text(min_size=1)), min_size=1, max_size=12))
def test_no_item_of_nested_lists_is_lost(indented: list[tuple[int, str]]) -> None:
    block = {"type": "rich_text", "elements": [items(indent, text) for indent, text in indented]}
    reading = seen(draw_blocks([block], READER))
    assert sorted(reading.text) == sorted("".join(text.replace("\ud800", "") for _, text in indented))
