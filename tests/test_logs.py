"""The log: planted secrets never come out, people's words stay out, lines stay lines."""

from __future__ import annotations

import base64
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from slack_bolt import App
from slack_sdk import WebClient

from bot.logs import configure_logging
from bot.logs.masking import MASKED, Mask

BOT_TOKEN = "xoxb-1-2-planted"
KEY = "pl4nted/opaque+key=\"with'marks\\"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
SECRETS = (BOT_TOKEN, KEY, SIGNING_SECRET)

log = logging.getLogger("bot.tests.logs")


@pytest.fixture(autouse=True)
def leave_logging_as_it_was() -> Iterator[None]:
    """Logging is global to the process: put back what the code under test changes."""
    root, ours = logging.getLogger(), logging.getLogger("bot")
    handlers, levels, hook = list(root.handlers), (root.level, ours.level), threading.excepthook
    with warnings.catch_warnings():
        yield
        logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    ours.setLevel(levels[1])
    threading.excepthook = hook


def start(level: str = "info", log_format: str = "text") -> io.StringIO:
    """Log into what is returned. pytest's handlers step aside: they raise where arguments do not fit."""
    logging.getLogger().handlers.clear()
    stream = io.StringIO()
    configure_logging(level, log_format, SECRETS, stream)
    return stream


def leaks(text: str) -> list[str]:
    """Which planted secrets can be read in the text, plainly or after undoing an encoding."""
    return [
        secret for secret in SECRETS if secret in text or secret in text.encode().decode("unicode_escape")
    ]


def fail_with(secret: str) -> None:
    held_in_a_local_variable = f"local {secret}"
    try:
        dict[str, str]()[secret]
    except KeyError as error:
        raise RuntimeError(f"no answer with {secret}") from error
    finally:
        del held_in_a_local_variable


def log_in_every_way(secret: str) -> None:
    """Each way in which a secret comes into a record."""
    log.info(f"in the text {secret}")  # noqa: G004 -- what is tested
    log.info("as an argument %s and %r", secret, secret)
    log.info("nested %s", {"headers": [("Authorization", f"Bearer {secret}")]})
    log.info("as bytes %s", secret.encode())
    log.info("by name %(key)s", {"key": secret})
    log.info("in a field", extra={"action": "test", "key": secret, secret: {"deep": [secret]}})
    log.info("%d does not fit", secret)
    log.info("in an address https://example.com/?key=%s", quote(secret, safe=""))
    log.info("in JSON %s", json.dumps({"key": secret}))
    log.info("in Base64 %s", base64.b64encode(f"user:{secret}".encode()).decode())
    log.info("with its stack", extra={"key": secret}, stack_info=True)
    log.warning("over\nlines %s", secret)
    try:
        fail_with(secret)
    except RuntimeError as error:
        log.exception("failed with %s", error)  # noqa: TRY401 -- what is tested
    logging.getLogger("slack_sdk.web.base_client").warning("a vendor's %s", secret)


@pytest.mark.parametrize("log_format", ["text", "json"])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_way_of_logging_brings_a_secret_out(secret: str, log_format: str) -> None:
    stream = start("debug", log_format)

    log_in_every_way(secret)

    written = stream.getvalue()
    assert leaks(written) == []
    assert base64.b64encode(f"user:{secret}".encode()).decode()[:24] not in written
    assert quote(secret, safe="") not in written
    assert written.count(MASKED) >= 14
    assert "no answer with [secret]" in written


def test_nothing_goes_past_the_log_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Python's own handler prints the arguments of a line that it cannot write."""
    stream = start()
    stream.close()

    log.info("%d %s", "no number", BOT_TOKEN)

    assert capsys.readouterr().err == ""


def test_a_line_that_cannot_be_written_is_not_lost_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, last_resort = start(), io.StringIO()
    stream.close()
    monkeypatch.setattr(sys, "__stderr__", last_resort)

    log.info("with %s", BOT_TOKEN)

    assert last_resort.getvalue() == "a log line of bot.tests.logs was lost: ValueError\n"


def test_without_any_standard_error_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under pythonw or a service manager that closed it."""
    start().close()
    monkeypatch.setattr(sys, "__stderr__", None)

    log.info("with nowhere to go")

    assert sys.__stderr__ is None


def test_text_is_one_line_a_record_whatever_is_in_it() -> None:
    stream = start()

    log.info("typed %s", "me\n2026-01-01T00:00:00Z INFO bot forged\x1b[2J", extra={"action": "ask"})

    (line,) = stream.getvalue().splitlines()
    moment, rest = line.split(" ", 1)
    assert moment.endswith("Z")
    assert rest == (r"INFO bot.tests.logs typed me\n2026-01-01T00:00:00Z INFO bot forged\x1b[2J action=ask")


def test_a_traceback_is_indented_so_that_it_cannot_pass_for_lines() -> None:
    stream = start()

    try:
        fail_with("first\n2026-01-01T00:00:00Z INFO bot forged")
    except RuntimeError:
        log.exception("failed")

    head, *trace = stream.getvalue().splitlines()
    assert head.endswith("ERROR bot.tests.logs failed")
    assert trace[0] == "    Traceback (most recent call last):"
    assert all(line.startswith("    ") for line in trace)


def test_json_is_one_object_a_line() -> None:
    stream = start(log_format="json")
    record = logging.makeLogRecord(
        {
            "name": "bot.sync",
            "levelno": logging.WARNING,
            "levelname": "WARNING",
            "msg": "read %s\npages",
            "args": (3,),
            "created": 1790000000.25,
            "rows": 4,
            "complete": True,
            "nothing": None,
            "share": 0.5,
            "endless": float("inf"),
            "days": [1, 2],
            "level": "a field of the same name",
        }
    )

    logging.getLogger("bot.sync").handle(record)

    assert json.loads(stream.getvalue()) == {
        "time": "2026-09-21T14:13:20.250Z",
        "level": "warning",
        "logger": "bot.sync",
        "message": "read 3\npages",
        "rows": 4,
        "complete": True,
        "nothing": None,
        "share": 0.5,
        "endless": "inf",
        "days": "[1, 2]",
        "level_": "a field of the same name",
    }


def test_json_names_the_exception_and_its_traceback_without_variables() -> None:
    stream = start(log_format="json")

    try:
        fail_with("value-of-a-local")
    except RuntimeError:
        log.exception("failed")

    entry = json.loads(stream.getvalue())
    assert entry["exception"] == "RuntimeError"
    assert "RuntimeError: no answer with value-of-a-local" in entry["traceback"]
    assert "KeyError" in entry["traceback"]
    assert "local value-of-a-local" not in entry["traceback"]


def test_a_number_that_is_a_secret_is_masked_and_the_line_stays_json() -> None:
    stream = io.StringIO()
    configure_logging("info", "json", ["12345678", '"'], stream)

    log.info("account", extra={"number": 12345678})

    entry = json.loads(stream.getvalue())
    assert (entry["number"], entry["message"]) == (MASKED, "account")


@pytest.mark.parametrize(
    ("level", "ours", "others"),
    [
        ("debug", ["debug", "info", "warning", "error"], ["info", "warning", "error"]),
        ("info", ["info", "warning", "error"], ["warning", "error"]),
        ("warning", ["warning", "error"], ["warning", "error"]),
        ("error", ["error"], ["error"]),
    ],
)
@pytest.mark.parametrize(
    "vendor", ["httpx", "httpcore.http11", "slack_sdk.web", "apscheduler", "bothy", "py"]
)
def test_others_are_heard_less_than_we_are(
    vendor: str, level: str, ours: list[str], others: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a library set a level for its logger itself."""
    stream = start(level)
    monkeypatch.setattr(logging.getLogger(vendor), "level", logging.DEBUG)

    for name in ("bot.tests.logs", vendor):
        for at in ("debug", "info", "warning", "error"):
            logging.getLogger(name).log(logging.getLevelNamesMapping()[at.upper()], "%s at %s", name, at)

    lines = [line.split(" ", 3)[3] for line in stream.getvalue().splitlines()]
    assert lines == [f"bot.tests.logs at {at}" for at in ours] + [f"{vendor} at {at}" for at in others]


def test_slack_sdk_and_bolt_do_not_write_what_people_wrote() -> None:
    """Their debug lines hold whole messages, and Bolt gives its loggers the level of the root."""
    stream = start("debug")
    logging.getLogger().setLevel(logging.DEBUG)
    unreachable = "http://127.0.0.1:1/api/"
    client = WebClient(BOT_TOKEN, base_url=unreachable, timeout=1)
    bolt = App(client=client, signing_secret=SIGNING_SECRET, token_verification_enabled=False)

    with pytest.raises(OSError, match="refused"):
        bolt.client.chat_postMessage(channel="C1", text="the words of Alice")

    bolt.logger.debug("body: the words of Alice")
    written = stream.getvalue()
    assert "Failed to send a request" in written
    assert "the words of Alice" not in written
    assert leaks(written) == []


def test_warnings_and_dying_threads_are_logged_and_masked() -> None:
    stream = start()

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"deprecated {BOT_TOKEN}", stacklevel=1)
    thread = threading.Thread(target=fail_with, args=(SIGNING_SECRET,), name="worker")
    thread.start()
    thread.join()

    written = stream.getvalue()
    assert "py.warnings" in written
    assert "Thread worker died" in written
    assert "RuntimeError: no answer with [secret]" in written
    assert leaks(written) == []


def test_a_thread_that_ends_itself_is_no_fault() -> None:
    stream = start()

    thread = threading.Thread(target=sys.exit)
    thread.start()
    thread.join()

    assert stream.getvalue() == ""


def test_a_second_call_replaces_the_first_and_leaves_others_alone() -> None:
    first, second, foreign = start(), io.StringIO(), logging.NullHandler()
    logging.getLogger().addHandler(foreign)
    configure_logging("error", "json", SECRETS, second)

    log.info("not heard any more")
    log.error("once")

    assert first.getvalue() == ""
    assert [json.loads(line)["message"] for line in second.getvalue().splitlines()] == ["once"]
    assert foreign in logging.getLogger().handlers


# ── the mask ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xoxb-1-abcdef left over from before", "[secret] left over from before"),
        ("(xapp-1-A1-2-abc)", "([secret])"),
        ("Bearer sk-admin-abcdefgh,", "Bearer [secret],"),
        ("POST https://hooks.slack.com/commands/T1/2/x%2Fy now", "POST https://hooks.slack.com/[secret] now"),
        (
            "wss://wss.slack.com/link/?ticket=1-2-3&app_id=A1",
            "wss://wss.slack.com/link/?ticket=[secret]&app_id=A1",
        ),
        ("a task-force of risk-averse people", "a task-force of risk-averse people"),
    ],
)
def test_what_is_shaped_like_a_secret_is_masked_without_being_known(text: str, expected: str) -> None:
    assert Mask([])(text) == expected


def test_a_secret_that_begins_with_another_is_masked_whole() -> None:
    assert Mask(["hunter", "hunter2", ""])("hunter2 and hunter") == "[secret] and [secret]"


@given(
    secret=st.text(
        st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=8, max_size=60
    ),
    before=st.binary(max_size=5),
    after=st.binary(max_size=5),
)
@settings(derandomize=True, deadline=None)
def test_no_encoding_brings_a_secret_out(secret: str, before: bytes, after: bytes) -> None:
    """Base64 is cut to what depends on the secret alone, so at most two letters of it stay at either end."""
    mask = Mask([secret])

    assert mask(f"<{secret}>") == f"<{MASKED}>"
    assert mask(quote(secret, safe="")) == MASKED
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(before + secret.encode() + after).decode()
        core = encode(secret.encode()).decode().rstrip("=")
        assume(len(core) > 10)
        masked = mask(encoded)
        kept = len(masked) - len(MASKED)
        assert MASKED in masked
        assert kept <= -(-(len(before) + len(after)) * 4 // 3) + 8
