"""How the program writes its log, so that no secret is ever in it and no vendor logs what people wrote."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from math import isfinite
from typing import TextIO

from bot.logs.masking import Mask

_OURS = "bot"
_STANDARD_FIELDS = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))}
_CONTROL |= {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t", 0x2028: "\\u2028", 0x2029: "\\u2029"}

log = logging.getLogger(__name__)


def configure_logging(
    level: str, log_format: str, secrets: Iterable[str], stream: TextIO | None = None
) -> logging.Handler:
    """Send every log line to ``stream`` (standard error when None); a second call replaces the first.

    ``level`` is ``debug``, ``info``, ``warning`` or ``error``; ``log_format`` is ``text`` or ``json``. Other
    libraries are heard from ``warning``, and from ``info`` where ``level`` is ``debug``: their own debug
    lines hold whole messages (slack_sdk, slack_bolt, websockets).
    """
    ours = logging.getLevelNamesMapping()[level.upper()]
    others = logging.INFO if ours == logging.DEBUG else max(ours, logging.WARNING)
    mask = Mask(secrets)
    handler = _Handler(stream or sys.stderr)
    handler.setFormatter(_JsonLines(mask) if log_format == "json" else _TextLines(mask))
    handler.setLevel(ours)  # loggers of ours that set a level of their own stay below it, too
    handler.addFilter(_only_ours_below(others))
    _take_over(logging.getLogger(), handler)
    logging.getLogger(_OURS).setLevel(ours)
    logging.getLogger().setLevel(others)
    logging.captureWarnings(capture=True)
    threading.excepthook = _log_thread_fault
    return handler


class _Handler(logging.StreamHandler[TextIO]):
    """Writes lines; one that cannot be written is counted off by its error's type alone.

    The standard handler prints the arguments of such a line, and with them whatever secret they hold.
    """

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- the name is logging's
        if sys.__stderr__ is not None:
            fault = sys.exc_info()[0]
            sys.__stderr__.write(
                f"a log line of {record.name} was lost: {fault.__name__ if fault else 'unknown'}\n"
            )


class _TextLines(logging.Formatter):
    """One line a record: time (UTC), level, logger, message, further fields; then a traceback, indented."""

    def __init__(self, mask: Mask) -> None:
        super().__init__()
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        fields = [f"{name}={value}" for name, value in _extra(record).items()]
        parts = (_time(record), record.levelname, record.name, _message(record), *fields)
        # one line stays one line, whatever somebody typed into it
        lines = [self._mask(" ".join(parts)).translate(_CONTROL)]
        for block in _trace(record).values():
            lines.extend("    " + line.translate(_CONTROL) for line in self._mask(block).splitlines())
        return "\n".join(lines)


class _JsonLines(logging.Formatter):
    """One JSON object a record. Every text in it is masked before it is encoded, so that it stays JSON."""

    def __init__(self, mask: Mask) -> None:
        super().__init__()
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **_trace(record),
        }
        if record.exc_info and record.exc_info[0]:
            fields["exception"] = record.exc_info[0].__name__
        for name, value in _extra(record).items():
            fields[f"{name}_" if name in fields else name] = value
        return json.dumps({self._mask(name): self._masked(value) for name, value in fields.items()})

    def _masked(self, value: object) -> object:
        masked = self._mask(str(value))
        return value if _is_plain(value) and masked == str(value) else masked


def _only_ours_below(others: int) -> Callable[[logging.LogRecord], bool]:
    """A filter that hears other libraries from the level ``others`` only.

    Levels of loggers are not enough: Bolt copies the root's level to its own loggers, and any library may
    set one for itself.
    """

    def is_heard(record: logging.LogRecord) -> bool:
        return record.levelno >= others or record.name.partition(".")[0] == _OURS

    return is_heard


def _take_over(root: logging.Logger, handler: logging.Handler) -> None:
    for old in [old for old in root.handlers if isinstance(old, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)


def _log_thread_fault(fault: threading.ExceptHookArgs) -> None:
    """What Python would print unmasked when a thread dies."""
    if not issubclass(fault.exc_type, SystemExit):  # the orderly end of a thread
        name = fault.thread.name if fault.thread else "unknown"
        log.error("Thread %s died", name, exc_info=fault.exc_value)


def _time(record: logging.LogRecord) -> str:
    return (
        datetime.fromtimestamp(record.created, tz=UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (
        TypeError,
        ValueError,
        KeyError,
    ):  # the arguments do not fit the text: a slip that must not lose a line
        return f"{record.msg} {record.args!r}"


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD_FIELDS}


def _is_plain(value: object) -> bool:
    """True for what JSON writes as itself; it has no word for infinity."""
    return value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value))


def _trace(record: logging.LogRecord) -> dict[str, str]:
    """The traceback, without local variables, and the stack where it was asked for."""
    found = {}
    if record.exc_info and record.exc_info[0]:
        found["traceback"] = logging.Formatter().formatException(record.exc_info)
    if record.stack_info:
        found["stack"] = record.stack_info
    return found
