"""HTML piece by piece: what is not `Markup` yet is escaped, and only harmless addresses become links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast

from markupsafe import Markup

Json = dict[str, Any]
Attribute = str | int | float | bool | None

_LESS, _CLOSING, _MORE = Markup("<"), Markup("</"), Markup(">")
_SPACE, _EQUALS, _QUOTE = Markup(" "), Markup('="'), Markup('"')
_VOID = frozenset({"br", "hr", "img", "input"})
_HARMLESS = re.compile(r"(?:https?|slack)://[^\s\x00-\x1f]+|mailto:[^\s\x00-\x1f]+", re.IGNORECASE)
_LOCAL_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]+")
_LONE_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")


def tag(name: str, /, *inside: str, **attributes: Attribute) -> Markup:
    """One element. ``class_`` is the attribute ``class``, ``data_value`` is ``data-value``; True stands bare.

    An attribute that is None or False is left out.
    """
    written = (piece for pair in attributes.items() for piece in _attribute(*pair))
    opening = joined([_LESS, name, *written, _MORE])
    return opening if name in _VOID else joined([opening, *inside, _CLOSING, name, _MORE])


def joined(pieces: Iterable[str]) -> Markup:
    """The pieces one after the other."""
    return Markup("").join(pieces)


def lines(text: str) -> Markup:
    """Text in which every newline is one."""
    return Markup("<br>").join(text.split("\n"))


def is_harmless(address: str) -> bool:
    """Whether one may follow the address: to the web, to a mailbox, or within Slack."""
    return _HARMLESS.fullmatch(address) is not None


def is_local_picture(address: str) -> bool:
    """Whether the address is itself the picture, so that nothing has to be fetched."""
    return _LOCAL_PICTURE.fullmatch(address) is not None


def link(address: str, *inside: str, **attributes: Attribute) -> Markup:
    """A link that opens elsewhere and tells nothing; what stands inside, where the address is not harmless."""
    if not is_harmless(address):
        return joined(inside)
    return tag("a", *inside, href=address, target="_blank", rel="noopener noreferrer", **attributes)


def hidden(*inside: str) -> Markup:
    """Words for those who hear the page."""
    return tag("span", *inside, class_="bk-hidden")


def encodable(html: Markup) -> Markup:
    """The same without the halves of characters that JSON may hold and UTF-8 may not."""
    return cast("Markup", html.translate(_LONE_SURROGATES))  # what it is, though its types do not say so


def _attribute(name: str, value: Attribute) -> Iterator[str]:
    if value is None or value is False:
        return
    yield _SPACE
    yield name.rstrip("_").replace("_", "-")
    if value is not True:
        yield from (_EQUALS, str(value), _QUOTE)
