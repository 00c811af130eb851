"""`.env.example` and docs/configuration.md say what the table of settings says."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.config import SETTINGS, Setting, from_environ
from bot.errors import ConfigError

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / ".env.example"
TEXT = EXAMPLE.read_text(encoding="utf-8")
REQUIRED = {
    "SLACK_BOT_TOKEN": "xoxb-test",
    "SLACK_APP_TOKEN": "xapp-test",
    "CODEX_API_KEY": "test",
    "CODEX_WORKSPACE_ID": "01234567-89ab-cdef-0123-456789abcdef",
}


def uncommented(text: str) -> str:
    return re.sub(r"^#([A-Z_]+=)", r"\1", text, flags=re.MULTILINE)


def shown_default(setting: Setting[object]) -> str:
    if setting.required:
        return "required"
    return setting.default_note or (f"`{setting.default}`" if setting.default else "")


def test_the_example_lists_every_setting_in_order_with_its_default() -> None:
    listed = dotenv_values(stream=StringIO(uncommented(TEXT)), interpolate=False)

    assert list(listed.items()) == [(setting.name, setting.default or "") for setting in SETTINGS]


def test_only_what_must_be_filled_in_stands_without_a_number_sign() -> None:
    assert set(dotenv_values(EXAMPLE, interpolate=False)) == set(REQUIRED)


def test_each_setting_is_explained_just_above_itself() -> None:
    lines = TEXT.splitlines()

    for setting in SETTINGS:
        at = next(n for n, line in enumerate(lines) if line.lstrip("#").startswith(f"{setting.name}="))
        assert lines[at - 1].startswith("# "), setting.name
        assert lines[at + 1 :][:1] in ([""], []), setting.name


def test_the_example_as_it_is_asks_for_just_what_is_required() -> None:
    with pytest.raises(ConfigError) as caught:
        from_environ({}, dotenv=EXAMPLE)

    assert {problem.split()[0] for problem in caught.value.problems} == set(REQUIRED)


def test_the_example_with_every_default_spelt_out_changes_nothing(tmp_path: Path) -> None:
    spelt_out = tmp_path / ".env"
    spelt_out.write_text(uncommented(TEXT), encoding="utf-8")

    assert from_environ(REQUIRED, dotenv=spelt_out) == from_environ(REQUIRED)


def test_the_document_has_a_row_for_every_setting() -> None:
    document = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `[A-Z_]+` \|.*$", document, flags=re.MULTILINE)

    assert rows == [f"| `{s.name}` | {shown_default(s)} | {s.help} |" for s in SETTINGS]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_each_row_of_the_table_is_sound(setting: Setting[object]) -> None:
    assert setting.help.endswith(".")
    assert "|" not in setting.help
    assert not (setting.required and setting.default)
    assert not (setting.secret and setting.default)
