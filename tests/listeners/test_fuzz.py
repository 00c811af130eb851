"""Garbage at the real port: refused every time, with nothing done and nothing broken."""

from __future__ import annotations

import http.client
import json
import logging
import random
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.listeners.rig import (
    FORM,
    NOON,
    Kept,
    KeptBudgets,
    Rig,
    command_form,
    event_json,
    member,
    press_json,
    sign,
    submission_json,
)
from tests.listeners.test_budgets import filled_in

REQUESTS = 1_000
BENT = 300
METHODS = ["POST"] * 12 + ["GET", "PUT", "HEAD", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO", "post"]
PATHS = ["/slack/events"] * 16 + [
    "/",
    "//slack/events",
    "/slack/events?x=1",
    "/slack/events#x",
    "/slack/events%00",
    "/SLACK/EVENTS",
    "/healthz",
    "/readyz?now=%FF",
    "/metrics",
    "/%ff%fe",
    "/../slack/events",
    "http://127.0.0.1/slack/events",
    "*",
]
TYPES = [
    FORM,
    "application/json",
    "application/json; charset=utf-16",
    "multipart/form-data",
    "text/plain",
    "",
    "\xe9",
]
STAMP = str(int(NOON.timestamp()))


@pytest.fixture
def rig() -> Iterator[Rig]:
    with Rig() as running:
        yield running


def test_a_thousand_strange_requests_do_nothing(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """None of them carries a signature made with the secret for what it says."""
    draw = random.Random(20261118)
    caplog.set_level(logging.WARNING)
    statuses: Counter[int] = Counter()

    for _ in range(REQUESTS):
        statuses[send(rig, draw)] += 1
    rig.interactions.close(5)
    rig.commands.close(5)
    rig.directory.close(5)

    assert sum(statuses.values()) == REQUESTS
    assert set(statuses) <= {200, 400, 401, 404, 405, 413}, statuses
    assert statuses[401] > REQUESTS / 4
    assert rig.catcher.answers == []
    assert rig.people == []
    assert changes(rig) == []
    assert rig.count("ack_seconds_count") == 0
    assert "Fault" not in caplog.text
    assert rig.http.get("/healthz").status_code == 200


def test_a_thousand_signed_oddities_do_nothing(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """Even what Slack itself would sign is taken only in the shapes that it has."""
    draw = random.Random(20261119)
    statuses: Counter[int] = Counter()

    for _ in range(REQUESTS):
        body = odd_body(draw)
        headers = {
            **headers_for(draw, body),
            "X-Slack-Request-Timestamp": STAMP,
            "X-Slack-Signature": sign(body, STAMP),
        }
        statuses[exchange(rig, "POST", "/slack/events", headers, body)] += 1
    rig.interactions.close(5)
    rig.commands.close(5)
    rig.directory.close(5)

    assert changes(rig) == []
    assert set(statuses) <= {200, 400}, statuses
    assert rig.catcher.answers == []
    assert rig.people == []
    assert "Fault" not in caplog.text


def test_bent_presses_and_submissions_break_nothing(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """Each is what Slack sends but for one place, where something else stands or nothing."""
    draw = random.Random(20261120)
    statuses: Counter[int] = Counter()
    values = {"weekday": {"choice": {"selected_option": {"value": "1"}}}, "time": {"choice": {}}}
    buttons = ["settings.pause", "settings.open", "budget.add", "budget.edit", "budget.remove"]

    for number in range(BENT):
        pressed = press_json(draw.choice(buttons), action_ts=str(number), response_url=rig.catcher.url)
        submitted = submission_json(f"V{number}", {"values": values}, "{}")
        budget = filled_in("UCAROL", "Core", '{"seen": "7.2"}', view_id=f"B{number}")
        bent = bend(draw, draw.choice([pressed, submitted, budget]))
        statuses[rig.post(urlencode({"payload": json.dumps(bent)}).encode()).status_code] += 1
    rig.interactions.close(20)

    assert set(statuses) <= {200, 400, 503}, statuses  # 503 where more wait than are taken
    assert statuses[400] > BENT / 20
    assert "Fault" not in caplog.text


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n\r\n",
        b"GARBAGE\r\n\r\n",
        b"POST /slack/events HTTP/9.9\r\n\r\n",
        b"POST http://[ HTTP/1.1\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        b"POST /slack/events HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"POST /slack/events HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nX Slack: 1\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nX-Slack-Signature: v0=\x00\x01\r\n\r\n",
        b"POST /slack/events HTTP/1.1\r\nA: " + b"x" * 300_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        bytes(range(256)) * 4 + b"\r\n\r\n",
    ],
    ids=range(14),
)
def test_what_is_hardly_http_harms_nobody(rig: Rig, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", rig.server.port), timeout=5) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        first_line = read_all(connection).split(b"\r\n")[0]

    assert b" 500 " not in first_line
    assert rig.http.get("/healthz").status_code == 200
    assert rig.catcher.answers == []


def changes(rig: Rig) -> list[str]:
    assert isinstance(rig.settings, Kept)
    assert isinstance(rig.budgets, KeptBudgets)
    return rig.settings.changes + rig.budgets.changes


def bend(draw: random.Random, whole: dict[str, Any]) -> dict[str, Any]:
    """The same with another value, or none, in one place."""
    bent: dict[str, Any] = json.loads(json.dumps(whole))
    places: list[tuple[Any, Any]] = []
    waiting: list[Any] = [bent]
    while waiting:
        held = waiting.pop()
        keys = list(held) if isinstance(held, dict) else range(len(held))
        places += [(held, key) for key in keys]
        waiting += [held[key] for key in keys if isinstance(held[key], dict | list)]
    held, key = draw.choice(places)
    if draw.random() < 0.2:
        del held[key]
    else:
        held[key] = odd_value(draw, 2)
    return bent


def send(rig: Rig, draw: random.Random) -> int:
    body = draw.choice([odd_body, true_body(rig)])(draw)
    return exchange(rig, draw.choice(METHODS), draw.choice(PATHS), headers_for(draw, body), body)


def true_body(rig: Rig) -> Callable[[random.Random], bytes]:
    """What would be acted on, were it signed."""

    def draw_body(draw: random.Random) -> bytes:
        event = {"type": "user_change", "user": member()}
        button = draw.choice(["settings.pause", "budget.remove"])
        press = {"payload": json.dumps(press_json(button, action_ts=str(draw.random())))}
        budget = {"payload": json.dumps(filled_in("UCAROL", "Core", '{"seen": ""}', f"B{draw.random()}"))}
        return draw.choice(
            [
                command_form("me", rig.catcher.url),
                event_json(event, f"Ev{draw.random()}"),
                urlencode(press).encode(),
                urlencode(budget).encode(),
            ]
        )

    return draw_body


def odd_body(draw: random.Random) -> bytes:
    shapes: list[bytes] = [
        b"",
        draw.randbytes(draw.randrange(200)),
        b"payload=" + draw.randbytes(8),
        b"text=" + draw.randbytes(20),
        b"{" * draw.randrange(1, 3000),
        json.dumps(odd_value(draw, 4)).encode(),
        json.dumps(
            {draw.choice(["type", "event", "user", "team", "view", "command"]): odd_value(draw, 3)}
        ).encode(),
        json.dumps({"type": "event_callback", "event": odd_value(draw, 3)}).encode(),
        json.dumps(
            {"type": "event_callback", "event": {"type": odd_value(draw, 2), "user": odd_value(draw, 2)}}
        ).encode("utf-16"),
    ]
    return draw.choice(shapes)


def odd_value(draw: random.Random, depth: int) -> object:
    leaves: list[object] = [
        None,
        True,
        0,
        -1,
        1e308,
        "",
        "x",
        "\ud800",
        "user_change",
        "A" * draw.randrange(500),
    ]
    if depth == 0 or draw.random() < 0.4:
        return draw.choice(leaves)
    if draw.random() < 0.5:
        return [odd_value(draw, depth - 1) for _ in range(draw.randrange(4))]
    names = [
        "type",
        "event",
        "user",
        "id",
        "team_id",
        "authorizations",
        "enterprise_id",
        "view",
        "actions",
        "message",
    ]
    return {draw.choice(names): odd_value(draw, depth - 1) for _ in range(draw.randrange(4))}


def headers_for(draw: random.Random, body: bytes) -> dict[str, str]:
    """Headers of which some are right, some nearly, and some absurd; the signature never fits."""
    stamps = [STAMP, "", "0", "-1", "9" * 400, "abc", "1e9", "\xb2", " ", f"{STAMP} ", "12345678901234567890"]
    other = sign(body + b"x", STAMP)
    signatures = [
        "",
        "v0=",
        other,
        other.upper(),
        other[:-1],
        "v0=" + "\xe9" * 64,
        "v1=" + "0" * 64,
        "A" * 5000,
        "v0=" + "0" * 64,
    ]
    chosen = {
        "Content-Type": draw.choice(TYPES),
        "X-Slack-Request-Timestamp": draw.choice(stamps),
        "X-Slack-Signature": draw.choice(signatures),
        "X-Slack-Retry-Num": draw.choice(["", "1", "x"]),
        "Cookie": draw.choice(["", "\xff" * 50]),
    }
    return {name: value for name, value in chosen.items() if draw.random() < 0.8}


def exchange(rig: Rig, method: str, path: str, headers: dict[str, str], body: bytes) -> int:
    client = http.client.HTTPConnection("127.0.0.1", rig.server.port, timeout=10)
    try:
        client.putrequest(method, path, skip_accept_encoding=True)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            client.putheader(name, value.encode("latin-1"))
        client.endheaders(body)
        return client.getresponse().status
    finally:
        client.close()


def read_all(connection: socket.socket) -> bytes:
    """What came back before the connection ended, however it ended."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except OSError:  # reset after an answer to something that was never read
        return received
    return received
