"""Templates escape every value and refuse to leave a gap."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from bot.slack import templates
from bot.slack.templates import render_words, template_folder
from bot.slack.text import Mrkdwn


def test_values_are_escaped_once() -> None:
    assert "&lt;!channel&gt;" in render_words("no_reports", name="<!channel>", is_viewer=False)
    assert "&lt;b&gt;" in render_words("no_reports", name=Mrkdwn("&lt;b&gt;"), is_viewer=False)


def test_a_value_cannot_begin_a_quotation_or_a_line() -> None:
    words = render_words("list", title="me\n> x", lines=["> quoted"])

    assert words.split("\n") == ["*me &gt; x*", "\u203a quoted"]


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="is_viewer"):
        render_words("no_reports", name="Bob")


def test_none_is_never_printed() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        render_words("no_reports", name=None, is_viewer=False)


def test_templates_are_found_in_a_checkout_and_in_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (template_folder() / "help.j2").is_file()

    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(templates, "_PACKAGE", tmp_path)
    assert template_folder() == tmp_path / "templates"
