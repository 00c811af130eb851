"""The words that people read: ``templates/*.j2``, filled in so that nothing from outside can format them.

Every ``{{ value }}`` is escaped for mrkdwn unless it is `Mrkdwn` already. A name that was not given, a value
that is None and a value of another kind are errors, so that no half-filled sentence reaches anybody.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Undefined

from bot.core.formats import count_text, instant_text, share_text
from bot.slack.text import Mrkdwn, clean, escape
from bot.slack.words import counted, counted_credits, counted_share

_PACKAGE = Path(__file__).resolve().parent.parent
_FILTERS = {
    "count": count_text,
    "counted": counted,
    "credits": counted_credits,
    "instant": instant_text,
    "of": share_text,
    "share": counted_share,
}


def render_words(template: str, /, **values: object) -> Mrkdwn:
    """The filled-in template ``template.j2``: its lines without surrounding space, and no empty ones."""
    filled = _environment().get_template(f"{template}.j2").render(**values)
    lines = (" ".join(line.split()) for line in filled.split("\n"))
    return Mrkdwn("\n".join(_unquoted(line) for line in lines if line))


def template_folder() -> Path:
    """Inside an installed package its own copy, in a checkout the folder at the top."""
    packaged = _PACKAGE / "templates"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(template_folder()),
        undefined=StrictUndefined,
        finalize=_harmless,
        auto_reload=False,  # or every word that is said asks the disk whether its template has changed
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  # HTML's rules are not Slack's; `finalize` escapes every value instead
    )
    environment.filters.update(**_FILTERS)
    return environment


def _unquoted(line: str) -> str:
    """At the start of a line even the escaped sign would make a quotation."""
    return "\u203a" + line.removeprefix("&gt;") if line.startswith("&gt;") else line


def _harmless(value: object) -> object:
    match value:
        case Mrkdwn() | Undefined():
            return value  # an undefined name raises its own error, which names it
        case str():
            return escape(clean(value))
        case int():
            return str(value)
        case _:
            raise TypeError(f"a template was given {type(value).__name__} where words belong")
