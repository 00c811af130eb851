"""Where the text of a setting is found: the environment before `.env`, written out or in a file it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values

from bot.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Environment:
    """Variables in layers, of which the first that sets a name wins. An empty value is not set."""

    layers: tuple[Mapping[str, str], ...]

    def find(self, name: str) -> str | None:
        """The text of ``name`` or of the file in ``name_FILE``; None where neither is set.

        Raises `ConfigError` where one layer sets both, or where the file cannot be read.
        """
        for layer in self.layers:
            text, file = layer.get(name, "").strip(), layer.get(f"{name}_FILE", "").strip()
            if text and file:
                raise ConfigError([f"{name} and {name}_FILE are both set: keep one of them"])
            if text or file:
                return text or _read_file(name, file)
        return None

    def find_nearly(self, name: str) -> str | None:
        """The variable that is set and whose name could be ``name`` misspelt."""
        others = sorted({other for layer in self.layers for other in layer if layer[other] and other != name})
        return next(iter(get_close_matches(name, others, n=1, cutoff=0.9)), None)


def load_dotenv(path: Path | None) -> dict[str, str]:
    """The variables of a `.env` file, with nothing in them expanded; none where there is no such file."""
    if path is None or not path.is_file():
        return {}
    try:
        # utf-8-sig: some editors put a byte order mark in front of the first name
        found = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            [f"{path.name} cannot be read: it must be UTF-8 text that this process may read"]
        ) from None
    return {name: text for name, text in found.items() if text}


def _read_file(name: str, file: str) -> str | None:
    try:
        return Path(file).read_text(encoding="utf-8").strip() or None
    except (OSError, ValueError):
        # the chain is cut because the error shows the path, and a secret may stand where a path belongs
        raise ConfigError(
            [f"{name}_FILE names no text file that this process may read: check the path and its permissions"]
        ) from None
