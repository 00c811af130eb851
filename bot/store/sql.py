"""The named queries of ``queries.sql``, as text.

A block opens with ``-- name: what it is for``. Column lists that many queries share stand once, in a block
``-- fragment NAME:``, and are put in where a query says ``{NAME}``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_HEAD = re.compile(r"^-- (?P<fragment>fragment )?(?P<name>\w+): ?(?P<purpose>.*)$", re.MULTILINE)


@cache
def queries() -> dict[str, str]:
    """Every query by its name."""
    return parse_queries(files("bot.store").joinpath("queries.sql").read_text())


def parse_queries(text: str) -> dict[str, str]:
    """Query name to SQL, fragments filled in. Raises KeyError for a fragment that does not exist."""
    heads = list(_HEAD.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    fragments: dict[str, str] = {}
    found: dict[str, str] = {}
    for head, end in zip(heads, ends, strict=True):
        body = _filled(text[head.end() : end].strip().removesuffix(";"), fragments)
        (fragments if head["fragment"] else found)[head["name"]] = body
    return found


def _filled(body: str, fragments: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: fragments[match[1]], body)
