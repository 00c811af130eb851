"""What can go wrong with an answer of the simulated usage API, and when it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any


@dataclass(frozen=True, slots=True)
class Fail:
    """An error status. ``retry_after`` and ``body`` are sent as they stand, whatever they hold."""

    status: int
    retry_after: str | None = None
    body: str = (
        '{"error":{"message":"The server had an error.","type":"server_error","param":null,"code":null}}'
    )


@dataclass(frozen=True, slots=True)
class WebPage:
    """200 with HTML, as a proxy or a sign-in page gives it."""

    html: str = "<!doctype html><html><title>Sign in</title><body>Please sign in.</body></html>"


@dataclass(frozen=True, slots=True)
class Garbage:
    """200 with a body that calls itself JSON and is not."""

    body: bytes = b'{"object":"page","data":['


@dataclass(frozen=True, slots=True)
class Truncate:
    """The right answer, announced at full length and cut off after that share of it."""

    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset, before anything was sent or after the headers."""

    after_headers: bool = False


@dataclass(frozen=True, slots=True)
class Slow:
    """The right answer, so many seconds late; at once when the server stops."""

    seconds: float


@dataclass(slots=True)
class Page:
    """A page on its way out, for a `Rewrite` to change in place.

    ``here`` is the cursor of this very page; ``fresh()`` gives ever new cursors that lead to it, too.
    """

    body: dict[str, Any]
    here: str
    fresh: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The right answer, changed. Strikes pages only; an error is sent as it is."""

    change: Callable[[Page], None]


Act = Fail | WebPage | Garbage | Truncate | Reset | Slow | Rewrite


@dataclass(frozen=True, slots=True)
class Fault:
    """An act that strikes the ``nth`` matching request after it was added, and those after it.

    ``route`` is ``usage``, ``code_reviews`` or ``code_review_responses``, None for any; ``query`` narrows to
    requests with these parameters; ``times`` is how many requests are struck, None for all that follow.
    """

    act: Act
    route: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    nth: int = 1
    times: int | None = 1

    def matches(self, route: str, query: Mapping[str, str]) -> bool:
        """Whether that request counts."""
        return self.route in (None, route) and self.query.items() <= query.items()


class Faults:
    """The faults in store, safe to change while the server runs. The one added first goes first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stored: list[tuple[Fault, list[int]]] = []

    def append(self, fault: Fault) -> None:
        """Puts a fault in store."""
        with self._lock:
            self._stored.append((fault, [0, 0]))

    def remove(self, fault: Fault) -> None:
        """Takes that fault away, however often it was put in store."""
        with self._lock:
            self._stored = [stored for stored in self._stored if stored[0] != fault]

    def clear(self) -> None:
        """Takes every fault away."""
        with self._lock:
            self._stored.clear()

    def __len__(self) -> int:
        """How many faults can still strike."""
        with self._lock:
            return sum(fault.times is None or struck < fault.times for fault, (_, struck) in self._stored)

    def take(self, route: str, query: Mapping[str, str]) -> Act | None:
        """What strikes this request; it counts for every fault that it matches."""
        with self._lock:
            matching = [stored for stored in self._stored if stored[0].matches(route, query)]
            for _, counts in matching:
                counts[0] += 1
            for fault, counts in matching:
                if counts[0] >= fault.nth and (fault.times is None or counts[1] < fault.times):
                    counts[1] += 1
                    return fault.act
        return None


def repeat_cursor(page: Page) -> None:
    """Says that more follows, at the cursor of the page that it is on."""
    page.body |= {"has_more": True, "next_page": page.here}


def repeat_page(page: Page) -> None:
    """Says that more follows, at a cursor never seen before that leads to the same page."""
    page.body |= {"has_more": True, "next_page": page.fresh()}


def null_cursor(page: Page) -> None:
    """Says that more follows and gives a null cursor."""
    page.body |= {"has_more": True, "next_page": None}


def absent_cursor(page: Page) -> None:
    """Says that more follows and gives no cursor."""
    page.body["has_more"] = True
    page.body.pop("next_page", None)


def reverse_rows(page: Page) -> None:
    """The youngest day first."""
    page.body["data"].reverse()


def duplicate_row(page: Page) -> None:
    """The first row twice."""
    page.body["data"][:0] = page.body["data"][:1]


def put_text_for_number(page: Page) -> None:
    """A word where the first row should have a count."""
    for row in page.body["data"][:1]:
        _amounts_of(row)["turns" if "totals" in row else "pull_request_reviews"] = "many"


def put_nan(page: Page) -> None:
    """NaN, which JSON does not have, where the first row should have an amount."""
    for row in page.body["data"][:1]:
        _amounts_of(row)["credits" if "totals" in row else "comments"] = float("nan")


def drop_required_field(page: Page) -> None:
    """The first row without its ``totals`` (usage) or ``comments`` (reviews)."""
    for row in page.body["data"][:1]:
        del row["totals" if "totals" in row else "comments"]


def drop_envelope_field(name: str) -> Callable[[Page], None]:
    """The page without ``object``, ``data`` or ``has_more``."""

    def drop(page: Page) -> None:
        del page.body[name]

    return drop


def _amounts_of(row: dict[str, Any]) -> dict[str, Any]:
    amounts: dict[str, Any] = row.get("totals", row)
    return amounts
