"""Socket Mode against a bare WebSocket client."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.demo.slack.installation import Installation
from bot.demo.slack.socket_mode import MAX_CONNECTIONS, SocketMode


@pytest.fixture
def socket_mode() -> Iterator[SocketMode]:
    server = SocketMode(Installation(), ack_seconds=0.3)
    server.start()
    yield server
    server.stop()


def read(connection: ClientConnection) -> dict[str, Any]:
    return dict(json.loads(connection.recv(2)))


def test_the_eleventh_connection_is_turned_away(socket_mode: SocketMode) -> None:
    with contextlib.ExitStack() as stack:
        for count in range(1, MAX_CONNECTIONS + 1):
            connection = stack.enter_context(connect(socket_mode.new_url()))
            assert read(connection)["num_connections"] == count
        socket_mode.wait_for_connection(MAX_CONNECTIONS)
        extra = stack.enter_context(connect(socket_mode.new_url()))
        assert read(extra) == {"type": "disconnect", "reason": "too_many_websockets"}


def test_an_event_that_is_not_acknowledged_times_out_and_a_late_answer_is_kept(
    socket_mode: SocketMode,
) -> None:
    with connect(socket_mode.new_url()) as connection:
        read(connection)
        socket_mode.wait_for_connection()
        ack = socket_mode.send("events_api", {"event": {}})
        assert (ack.status, ack.error) == (None, "operation_timeout")
        envelope = read(connection)
        assert (envelope["retry_attempt"], envelope["accepts_response_payload"]) == (0, False)
        connection.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
        deadline = time.monotonic() + 10
        while not socket_mode.acknowledgements and time.monotonic() < deadline:
            connection.ping().wait(1)
    assert socket_mode.acknowledgements == [{"envelope_id": envelope["envelope_id"]}]


def test_a_warning_leaves_the_connection_in_use_and_a_drop_does_not(socket_mode: SocketMode) -> None:
    with connect(socket_mode.new_url()) as connection:
        read(connection)
        socket_mode.wait_for_connection()
        socket_mode.disconnect("warning")
        assert read(connection)["reason"] == "warning"
        assert socket_mode.connections == 1

        def answer() -> None:
            connection.send(json.dumps({"envelope_id": read(connection)["envelope_id"], "payload": {"a": 1}}))

        thread = threading.Thread(target=answer)
        thread.start()
        ack = socket_mode.send("slash_commands", {})
        thread.join()
        assert (ack.status, ack.payload) == (200, {"a": 1})
        socket_mode.drop()
        with pytest.raises(ConnectionClosed):
            connection.recv(2)
    assert socket_mode.send("slash_commands", {}).error == "dispatch_failed"


def test_waiting_for_a_connection_that_does_not_come_says_so(socket_mode: SocketMode) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 connections"):
        socket_mode.wait_for_connection(timeout=0.05)
