"""What the Slack app says of itself: the few lines of its manifest that Slack shows to people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Manifest:
    """The texts of the app and of its command."""

    name: str
    description: str
    long_description: str
    command: str
    command_description: str
    usage_hint: str
    messages_are_read_only: bool


@cache
def read_manifest() -> Manifest:
    """Of the package, or of the checkout."""
    packaged = _PACKAGE / "manifest.yml"
    path = packaged if packaged.is_file() else _PACKAGE.parent / "manifest.yml"
    return parse_manifest(path.read_text(encoding="utf-8"))


def parse_manifest(text: str) -> Manifest:
    """From YAML in the form that our manifest has: a value on its line, quoted or not, or folded below."""
    about, _, command = text.partition("slash_commands:")
    return Manifest(
        name=_value(about, "name"),
        description=_value(about, "description"),
        long_description=_folded(about, "long_description"),
        command=_value(command, "- command"),
        command_description=_value(command, "description"),
        usage_hint=_value(command, "usage_hint"),
        messages_are_read_only=_value(about, "messages_tab_read_only_enabled") == "true",
    )


def _value(text: str, name: str) -> str:
    found = re.search(rf"^\s*{name}: (.+)$", text, flags=re.MULTILINE)
    return found[1].strip().strip('"') if found else ""


def _folded(text: str, name: str) -> str:
    found = re.search(rf"^( *){name}: >-\n((?:\1 +.*\n)+)", text, flags=re.MULTILINE)
    return " ".join(found[2].split()) if found else _value(text, name)
