"""The page's templates: HTML with everything from outside escaped, and no name left unfilled."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

FOLDER = Path(__file__).resolve().parent / "templates"


def fill(template: str, /, **values: object) -> Markup:
    """``template.html`` with these values; only `Markup` is taken as HTML."""
    return Markup(_environment().get_template(f"{template}.html").render(**values))  # noqa: S704  # autoescaped


def prepare() -> None:
    """Read every template now, and not while the first person waits."""
    for name in _environment().list_templates(extensions=["html"]):
        _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["initials"] = _initials
    environment.filters["bytes"] = _bytes
    return environment


def _initials(name: str) -> str:
    letters = [word[0] for word in name.split() if word[0].isalnum()]
    return "".join([*letters[:1], *letters[1:][-1:]]).upper() or "?"


def _bytes(size: int) -> str:
    if size < 1000:  # noqa: PLR2004 - the thousand of kB
        return f"{size} B"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"  # noqa: PLR2004 - same
