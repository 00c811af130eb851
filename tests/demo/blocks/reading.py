"""Drawn HTML read back with the standard library's parser: which elements, which attributes, which words."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_ELEMENTS = """
a blockquote button caption circle code details div em fieldset figcaption figure g h3 h4 h5 h6 label li line mark
ol optgroup option p path polygon polyline pre rect s section select small span strong summary svg table tbody td
text textarea th thead time title tr u ul
"""
_ATTRIBUTES = """
accept alt aria-describedby aria-hidden aria-invalid aria-label aria-labelledby aria-sort autocomplete autofocus
checked class cx cy d data-action-id data-block-id data-confirm data-dispatch data-empty data-max data-page-size
data-sort data-step data-timezone data-type data-value datetime disabled dy fill for height hidden href id label max
maxlength min minlength multiple name open placeholder points r rel required role rows rx scope selected src start step stroke-dasharray stroke-width
tabindex target title transform type value viewbox width x x1 x2 y y1 y2
"""
VOID = frozenset({"br", "hr", "img", "input"})
ELEMENTS = VOID | set(_ELEMENTS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
SCHEMES = ("http://", "https://", "mailto:", "slack://")


@dataclass
class Seen(HTMLParser):
    """What a browser would make of it. Raises `AssertionError` for anything that should never be there."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ELEMENTS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        given = dict(attrs)
        self.elements.add(tag)
        self._check_addresses(tag, given)
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag == "br":
            self.text += "\n"
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def _check_addresses(self, tag: str, given: dict[str, str | None]) -> None:
        if (address := given.get("href")) is not None:
            assert tag == "a"
            assert address.lower().startswith(SCHEMES), address
            assert given["rel"] == "noopener noreferrer"
            assert given["target"] == "_blank"
            self.links.append(address)
        if (source := given.get("src")) is not None:
            assert source.startswith("data:image/"), source


def seen(html: str) -> Seen:
    """The HTML, read to its end."""
    reading = Seen()
    reading.feed(str(html))
    reading.close()
    assert reading._open == []
    assert len(set(reading.ids)) == len(reading.ids)
    return reading
