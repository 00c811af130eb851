"""The markdown block: the standard's common part, and nothing that gets out of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.blocks import draw_blocks
from bot.demo.blocks.markdown import DEEPEST, draw_markdown
from tests.demo.blocks.gallery import READER
from tests.demo.blocks.reading import seen

PLAIN = (
    ' class="bk-list"',
    ' class="bk-quote"',
    ' class="bk-code"',
    ' class="bk-pre"',
    ' target="_blank" rel="noopener noreferrer"',
)


def drawn(text: str) -> str:
    """The HTML without the classes that say nothing here."""
    html = str(draw_markdown(text))
    for noise in PLAIN:
        html = html.replace(noise, "")
    return html


WORDS = {
    "**b** __b__ *i* _i_ ~~s~~": "<strong>b</strong> <strong>b</strong> <em>i</em> <em>i</em> <s>s</s>",
    "*a **b** c*": "<em>a <strong>b</strong> c</em>",
    "***x*** ***y*": "<em><strong>x</strong></em> **<em>y</em>",
    "snake_case_name 2 * 3 * 4": "snake_case_name 2 * 3 * 4",
    "`a*b*` ``a`b``": "<code>a*b*</code> <code>a`b</code>",
    r"\*a\* &amp; &lt;": "*a* &amp; &lt;",
    '[the *docs*](https://example.com/?a=1&b "title")': '<a href="https://example.com/?a=1&amp;b">the <em>docs</em></a>',
    "![chart](https://example.com/a.png)": '<a href="https://example.com/a.png">chart</a>',
    "[press](javascript:alert)": "press",
    "<https://example.com> https://example.com.": '<a href="https://example.com">https://example.com</a> '
    '<a href="https://example.com">https://example.com</a>.',
    "<b>HTML</b>": "&lt;b&gt;HTML&lt;/b&gt;",
    "two\nlines": "two<br>lines",
}


@pytest.mark.parametrize("text", WORDS)
def test_words_of_a_paragraph(text: str) -> None:
    assert drawn(text) == f"<p>{WORDS[text]}</p>"


BLOCKS = {
    "a\n\nb": "<p>a</p><p>b</p>",
    "# One #\n###### Six": '<h3 class="bk-header bk-level-1">One</h3><h6 class="bk-header bk-level-4">Six</h6>',
    "a\n***\nb": '<p>a</p><hr class="bk-divider"><p>b</p>',
    "```py\n*x*\n\n<b>\n```\na": "<pre>*x*\n\n&lt;b&gt;</pre><p>a</p>",
    "~~~\nno end": "<pre>no end</pre>",
    "> a\n> > b\n\nc": "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote><p>c</p>",
    "- a\n- b\n  1. c\n\n  d\n- e": "<ul><li>a</li><li><p>b</p><ol><li>c</li></ol><p>d</p></li><li>e</li></ul>",
    "3. a\n4. b\n- c": '<ol start="3"><li>a</li><li>b</li></ol><ul><li>c</li></ul>',
    "- [x] a\n- [ ] b": "<ul><li>\u2611 a</li><li>\u2610 b</li></ul>",
    "a\n- b": "<p>a</p><ul><li>b</li></ul>",
}


@pytest.mark.parametrize("text", BLOCKS)
def test_blocks(text: str) -> None:
    assert drawn(text) == BLOCKS[text]


def test_a_table_has_as_many_columns_as_its_head() -> None:
    html = drawn("| a | b |\n|:-:|--:|\n| c \\| d | *e* | f |\ng |\n\nend")
    assert '<th class="bk-center" scope="col">a</th><th class="bk-right" scope="col">b</th>' in html
    assert '<td class="bk-center">c | d</td><td class="bk-right"><em>e</em></td></tr>' in html
    assert '<td class="bk-center">g</td><td class="bk-right"></td></tr>' in html
    assert html.endswith("<p>end</p>")
    assert drawn("a | b\nc") == "<p>a | b<br>c</p>"


def test_nesting_has_an_end() -> None:
    assert drawn(">" * 5_000 + "a").count("<blockquote>") == DEEPEST
    assert drawn("\n".join("  " * level + "- a" for level in range(100))).count("<ul>") == DEEPEST


PIECES = """
* ** *** _ __ ~~ ` ``` [ ] ( ) ![ ](https://a.b) ](javascript:x) <b> <!-- > - 1. # | |--| \\ &lt; &#60; :tada: a
"""


@given(
    st.lists(
        st.one_of(st.sampled_from(PIECES.split()), st.sampled_from(" \n"), st.text(max_size=3)), max_size=40
    ).map("".join)
)
def test_nothing_from_outside_becomes_markup(text: str) -> None:
    seen(draw_blocks([{"type": "markdown", "text": text or "-"}], READER))
