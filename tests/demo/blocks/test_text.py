"""Slack's mrkdwn as HTML: where a mark means something, what references become, and that nothing gets out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.demo.blocks import draw_text
from bot.demo.blocks.mrkdwn import draw_mrkdwn
from bot.demo.blocks.text_objects import draw_label, plain_words
from bot.slack.text import escape
from tests.demo.blocks.gallery import READER
from tests.demo.blocks.reading import seen


def drawn(text: str, *, verbatim: bool = False) -> str:
    """One paragraph without its frame."""
    html = str(draw_mrkdwn(text, READER, verbatim=verbatim))
    return html.removeprefix("<div>").removesuffix("</div>")


STYLED = {
    "*b*": "<strong>b</strong>",
    "_i_, ~s~": "<em>i</em>, <s>s</s>",
    "(*b*)": "(<strong>b</strong>)",
    "*_both_* _*both*_": "<strong><em>both</em></strong> <em><strong>both</strong></em>",
    "*two words*": "<strong>two words</strong>",
    "_some_var name_": "<em>some_var name</em>",
    "*a*b*": "<strong>a*b</strong>",
    "2*3*4": "2*3*4",
    "snake_case_name": "snake_case_name",
    "* not* *nor *": "* not* *nor *",
    "**not Markdown**": "**not Markdown**",
    "*one\nline*": "*one<br>line*",
    "*": "*",
    "`*literal* :tada: &amp;`": '<code class="bk-code">*literal* :tada: &amp;</code>',
    "a`b`c": "a`b`c",
    "*<@UALICE>*": '<strong><span class="bk-mention">@Alice Adams</span></strong>',
}


@pytest.mark.parametrize("text", STYLED)
def test_a_mark_counts_at_the_edges_of_words_only(text: str) -> None:
    assert drawn(text) == STYLED[text]


REFERENCES = {
    "<@UBOB>": '<span class="bk-mention bk-mention-me">@Bob Brown</span>',
    "<@UNOBODY|zoe> <@UNOBODY>": '<span class="bk-mention">@zoe</span> <span class="bk-mention">@UNOBODY</span>',
    "<#CGENERAL>": '<span class="bk-mention">#general</span>',
    "<#CSECRET|plans>": '<span class="bk-mention">#plans</span>',
    "<!subteam^S1|@team>": '<span class="bk-mention">@team</span>',
    "<!here|here>": '<span class="bk-mention bk-mention-me">@here</span>',
    "<!else|label> <!else>": "label &lt;!else&gt;",
    "<mailto:a@example.com|a@example.com>": '<a href="mailto:a@example.com" target="_blank" '
    'rel="noopener noreferrer">a@example.com</a>',
    "<javascript:alert(1)|press>": "press",
    "<data:text/html,x>": "&lt;data:text/html,x&gt;",
    "<unclosed": "&lt;unclosed",
}


@pytest.mark.parametrize("text", REFERENCES)
def test_a_reference_becomes_what_it_refers_to(text: str) -> None:
    assert drawn(text) == REFERENCES[text]


def test_a_link_may_carry_an_ampersand_and_its_label_is_literal() -> None:
    reading = seen(drawn("<https://example.com/?a=1&amp;b=&lt;|*x* &lt;b&gt;>"))
    assert reading.links == ["https://example.com/?a=1&b=<"]
    assert reading.text == "*x* <b>"


def test_a_bare_address_becomes_a_link_unless_the_text_is_verbatim() -> None:
    text = "See https://example.com/a?b=1&amp;c=2. (http://example.com)"
    assert seen(drawn(text)).links == ["https://example.com/a?b=1&c=2", "http://example.com"]
    assert seen(drawn(text, verbatim=True)).links == []


def test_entities_are_decoded_exactly_once() -> None:
    assert seen(drawn("&amp;lt; &lt;b&gt; &quot;")).text == "&lt; <b> &quot;"


def test_quotes_and_code_stand_by_themselves() -> None:
    text = "before\n> one\n&gt; *two*\nbetween\n```\n*x*  <https://example.com|y>\n\nz```\nafter\n>>> a\nb"
    assert draw_mrkdwn(text, READER) == (
        '<div>before</div><blockquote class="bk-quote">one<br><strong>two</strong></blockquote>'
        '<div>between</div><pre class="bk-pre">*x*  <a href="https://example.com" target="_blank" '
        'rel="noopener noreferrer">y</a>\n\nz</pre><div>after</div>'
        '<blockquote class="bk-quote">a<br>b</blockquote>'
    )


def test_known_emoji_are_signs_and_others_stay_words() -> None:
    assert seen(drawn("a:b:tada: :unheard: 10:30:45")).text == "a:b🎉 :unheard: 10:30:45"
    assert plain_words({"type": "plain_text", "text": ":x:"}) == "❌"
    assert plain_words({"type": "plain_text", "text": ":x:", "emoji": False}) == ":x:"
    assert draw_label({"type": "plain_text", "text": "*a* :x:\n<b>", "emoji": False}, READER) == (
        "*a* :x:<br>&lt;b&gt;"
    )


def test_half_a_character_does_not_reach_the_page() -> None:
    assert "\ufffd" in draw_text("a\ud800", READER).encode().decode()


@given(st.text())
def test_text_without_marks_is_preserved(text: str) -> None:
    line = f"a {text}".replace("\n", "")  # a first ">" would make it a quote
    meant = escape(line).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert seen(draw_text(escape(line), READER)).text == meant


PIECES = """
* _ ~ ` ``` > &gt; &amp; &lt; < | ! @ # ^ <script> <b onclick=x> <https://a.b|c> <!date^1^{ago}^x|y> </div> <!--
<!date^9^{time}^javascript:x|y> <@U|<i>> <javascript:x|y> :tada: " ' https://x.y/">
"""
MEANINGFUL = st.lists(
    st.one_of(st.sampled_from(PIECES.split()), st.sampled_from(" \n"), st.text(max_size=4)), max_size=40
).map("".join)


@given(MEANINGFUL, st.booleans())
def test_nothing_from_outside_becomes_markup(text: str, verbatim: bool) -> None:  # noqa: FBT001 - drawn
    seen(draw_text(text, READER))
    seen(draw_label({"type": "mrkdwn", "text": text, "verbatim": verbatim}, READER))
    assert seen(draw_label({"type": "plain_text", "text": text, "emoji": False}, READER)).text == text
