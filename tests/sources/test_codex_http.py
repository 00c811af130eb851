"""How the client bears an API that is slow, busy, broken or unwilling, and what it says about it."""

from __future__ import annotations

import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from inline_snapshot import snapshot

from bot.errors import SourceError
from bot.sources import codex_http
from bot.sources.codex_figures import parse_json
from bot.sources.codex_http import CodexHttp

KEY = "sk-admin-Zoe7Left9Long3Ago"
PATH = "/v1/analytics/codex/workspaces/3f1c2b9a-5a77-4c55-9d3e-0b6a1f6f7c11/usage"
URL = f"https://api.example.test{PATH}"
SENT = {"start_time": 1782864000, "end_time": 1785456000, "limit": 1000}
GOOD = b'{"object":"page","data":[],"has_more":false}'

Reply = httpx.Response | Exception


class Api:
    """An API that gives out its replies in turn and the last one for ever; it notes how long it was left alone."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked = 0
        self.waits: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        reply = self.replies[min(self.asked, len(self.replies) - 1)]
        self.asked += 1
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)

    def fetch(self, sent: dict[str, Any] | None = None, jitter: float = 1.0) -> Any:
        client = httpx.Client(transport=httpx.MockTransport(self), verify=False)
        http = CodexHttp(client, KEY, self.waits.append, lambda: False, lambda: jitter)
        return http.fetch(URL, SENT if sent is None else sent, parse_json)

    def failure(self, sent: dict[str, Any] | None = None) -> SourceError:
        with pytest.raises(SourceError) as failed:
            self.fetch(sent)
        assert "\n" not in str(failed.value)
        assert KEY not in "".join(traceback.format_exception(failed.value))
        assert failed.value.__context__ is None
        return failed.value


def status(code: int, content: bytes | str = b"", **headers: str) -> httpx.Response:
    return httpx.Response(
        code, headers={name.replace("_", "-"): text for name, text in headers.items()}, content=content
    )


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504, 520, 599])
def test_what_may_pass_is_tried_again(code: int) -> None:
    api = Api(status(code), status(code), status(200, GOOD))
    assert api.fetch() == {"object": "page", "data": [], "has_more": False}
    assert api.waits == [1, 2]


@pytest.mark.parametrize(
    "fault",
    [
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout(""),
        httpx.ReadTimeout(""),
        httpx.WriteTimeout(""),
        httpx.PoolTimeout(""),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("Server disconnected without sending a response."),
        httpx.ProxyError("502 Bad Gateway"),
        httpx.DecodingError("bad gzip"),
    ],
)
def test_a_network_that_fails_is_tried_again(fault: Exception) -> None:
    api = Api(fault, status(200, GOOD))
    assert api.fetch() is not None
    assert api.asked == 2


@pytest.mark.parametrize(
    "body", [GOOD[:-5], b"", b"<!doctype html><title>Sign in</title>", b"\xff\xff", b"[" * 99_999]
)
def test_a_body_that_is_not_whole_json_is_tried_again(body: bytes) -> None:
    api = Api(status(200, body), status(200, GOOD))
    assert api.fetch() is not None
    assert api.asked == 2


def test_tries_are_bounded_and_the_last_failure_is_told() -> None:
    api = Api(status(503, "upstream is resting"))
    failed = api.failure()
    assert not failed.permanent
    assert str(failed) == snapshot(
        "The Codex API failed 6 times in a row; the last time it answered 503 (upstream is resting)"
    )
    assert api.asked == 6
    assert api.waits == [1, 2, 4, 8, 16]


def test_once_the_api_is_away_it_is_not_found_out_anew_for_every_page() -> None:
    api = Api(*[status(503)] * 8, status(200, GOOD), *[status(503)] * 5, status(200, GOOD))
    http = CodexHttp(
        httpx.Client(transport=httpx.MockTransport(api), verify=False), KEY, api.waits.append, lambda: False
    )
    for times in (6, 8):
        with pytest.raises(SourceError, match=f"failed {times} times in a row"):
            http.fetch(URL, SENT, parse_json)
    for _ in range(2):  # it answers, and gets all tries again
        assert http.fetch(URL, SENT, parse_json)
    assert api.asked == 15


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (httpx.ReadTimeout("x"), "the last time it was silent for 120 s (ReadTimeout)"),
        (httpx.ConnectTimeout("x"), "the last time it could not be reached within 10 s"),
        (
            httpx.ConnectError("[Errno 111] Connection refused"),
            "could not be reached or broke off (ConnectError: [Errno 111] Connection refused)",
        ),
        (
            status(200, "<html>", Content_Type="text/html; charset=utf-8"),
            "answered 200 with 6 bytes of text/html; charset=utf-8, not whole JSON",
        ),
        (status(204), "answered 204 with 0 bytes of unnamed type, not whole JSON"),
    ],
)
def test_each_kind_of_failure_has_its_words(reply: Reply, said: str) -> None:
    failed = Api(reply).failure()
    assert said in str(failed)
    assert not failed.permanent


def test_a_backoff_is_drawn_from_all_of_its_range() -> None:
    for jitter in (0.0, 0.25):
        api = Api(status(500))
        with pytest.raises(SourceError):
            api.fetch(jitter=jitter)
        assert api.waits == [jitter * bound for bound in (1, 2, 4, 8, 16)]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, 1),
        ({"Retry_After": "7"}, 8),
        ({"Retry_After": " 7 "}, 8),
        ({"Retry_After": "1.5"}, 2.5),
        ({"Retry_After": "0"}, 1),
        ({"Retry_After": "-7"}, 1),
        ({"Retry_After": "soon"}, 1),
        ({"Retry_After": "nan"}, 1),
        ({"Retry_After": "86400"}, 300),
        ({"Retry_After": "9" * 5000}, 300),
        ({"Retry_After": "Sun, 22 Nov 2026 09:00:20 GMT", "Date": "Sun, 22 Nov 2026 09:00:00 GMT"}, 21),
        ({"Retry_After": "Sun, 22 Nov 2026 08:00:00 GMT", "Date": "Sun, 22 Nov 2026 09:00:00 GMT"}, 1),
        ({"Retry_After": "Sun, 22 Nov 2026 09:00:20 GMT"}, 1),
        ({"Retry_After": "Sun, 22 Nov 2026 09:00:20 GMT", "Date": "whenever"}, 1),
        ({"Retry_After": "Sun, 22 Nov 2026 09:00:20 -0000", "Date": "Sun, 22 Nov 2026 09:00:00 GMT"}, 1),
        ({"Retry_After": "Sun, 99 Nov 99999 09:00:20 GMT", "Date": "Sun, 22 Nov 2026 09:00:00 GMT"}, 1),
    ],
)
@pytest.mark.parametrize("code", [429, 503])
def test_the_api_may_say_how_long_to_wait_within_reason(
    code: int, headers: dict[str, str], wait: float
) -> None:
    api = Api(status(code, **headers), status(200, GOOD))
    api.fetch()
    assert api.waits == [wait]


@pytest.mark.parametrize("code", [401, 403])
def test_a_refused_key_says_which_key_works(code: int) -> None:
    api = Api(
        status(code, '{"error": {"message": "Missing scope", "type": "forbidden", "code": "no_scope"}}')
    )
    failed = api.failure()
    assert failed.permanent
    assert api.asked == 1
    assert str(failed).replace(str(code), "401") == snapshot(
        'The Codex API refused the key (401): CODEX_API_KEY must hold a workspace Admin key with the permission "Codex analytics API: Read" (admin.openai.com > Credentials > Admin keys) or a Platform key with the scope codex.enterprise.analytics.read, and the key must belong to this workspace. The API said: Missing scope (no_scope)'
    )


def test_an_unknown_workspace_names_it_and_its_setting() -> None:
    failed = Api(status(404)).failure()
    assert failed.permanent
    assert str(failed) == snapshot(
        "The Codex API does not know the workspace 3f1c2b9a-5a77-4c55-9d3e-0b6a1f6f7c11 (404): check CODEX_WORKSPACE_ID (the ChatGPT workspace's UUID, not org-…) and CODEX_API_URL, and that Codex analytics is enabled for the workspace"
    )


def test_a_refused_request_says_what_was_sent_and_what_was_wrong_with_it() -> None:
    detail = '{"detail":[{"type":"less_than_equal","loc":["query","limit"],"msg":"Input should be less than or equal to 30000","input":"50000","ctx":{"le":30000}}]}'
    failed = Api(status(422, detail)).failure()
    assert failed.permanent
    assert str(failed) == snapshot(
        "The Codex API refused the request (422) with start_time=1782864000, end_time=1785456000, limit=1000. The API said: query.limit: Input should be less than or equal to 30000"
    )


@pytest.mark.parametrize("code", [400, 402, 405, 410, 413, 451])
def test_other_refusals_are_permanent(code: int) -> None:
    api = Api(status(code, "no"))
    failed = api.failure()
    assert failed.permanent
    assert str(failed).startswith(f"The Codex API answered {code} to a request with start_time=")
    assert str(failed).endswith("The API said: no")
    assert api.asked == 1


@pytest.mark.parametrize(
    ("code", "permanent"), [(400, False), (410, False), (422, False), (403, True), (404, True)]
)
def test_a_refused_cursor_can_be_helped_by_reading_anew(code: int, permanent: bool) -> None:  # noqa: FBT001 - a table
    failed = Api(status(code)).failure(SENT | {"page": "opaque-cursor"})
    assert failed.permanent is permanent
    assert "opaque-cursor" not in str(failed)


def test_a_server_that_cannot_do_it_is_not_asked_again() -> None:
    api = Api(status(501))
    assert not api.failure().permanent
    assert api.asked == 1


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_no_redirect_is_followed_with_the_key(code: int) -> None:
    api = Api(status(code, Location="https://elsewhere.example.test/"))
    failed = api.failure()
    assert failed.permanent
    assert f"redirect ({code})" in str(failed)
    assert "CODEX_API_URL" in str(failed)
    assert api.asked == 1


@pytest.mark.parametrize("url", ["api.chatgpt.com/v1", "ftp://x/y", "", "http://[::1/x", "https://\x00/"])
def test_an_address_that_is_none_names_its_setting(url: str) -> None:
    http = CodexHttp(httpx.Client(), KEY, lambda _: None, lambda: False)
    with pytest.raises(SourceError, match="CODEX_API_URL") as failed:
        http.fetch(url, SENT, parse_json)
    assert failed.value.permanent


def test_a_protocol_error_about_the_header_does_not_show_the_header() -> None:
    failed = Api(httpx.LocalProtocolError(f"Illegal header value b'Bearer {KEY}'")).failure()
    assert failed.permanent


@pytest.mark.parametrize("code", [401, 422, 500])
def test_an_echoed_key_is_cleared(code: int) -> None:
    failed = Api(
        status(code, f'{{"error": "Incorrect key provided: {KEY}, Bearer abc, sk-proj-123456789"}}')
    ).failure()
    assert "Incorrect key provided: [key]," in str(failed)
    assert "abc" not in str(failed)
    assert "sk-proj" not in str(failed)


def test_neither_our_log_nor_httpx_shows_the_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    Api(status(500, f"key {KEY}"), httpx.ReadError(f"Bearer {KEY}"), status(200, GOOD)).fetch()
    assert "answered 500 (key [key]); try 2 of 6 follows in 1.0 s" in caplog.text
    assert "HTTP Request: GET https://api.example.test/" in caplog.text
    assert KEY not in caplog.text
    assert KEY not in repr([vars(record) for record in caplog.records])


def test_the_key_is_not_in_the_clients_own_description() -> None:
    assert KEY not in repr(CodexHttp(httpx.Client(), KEY, lambda _: None, lambda: False))


def test_an_answer_beyond_measure_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codex_http, "MAX_BODY_BYTES", 1000)
    api = Api(status(200, b" " * 1001))
    assert str(api.failure()) == "The Codex API sent more than 1000 bytes for one page"
    assert api.asked == 1


def test_a_wait_is_the_last_thing_a_cancelled_reading_does() -> None:
    waits: list[float] = []
    transport = httpx.MockTransport(lambda _: httpx.Response(503))
    http = CodexHttp(
        httpx.Client(transport=transport, verify=False), KEY, waits.append, lambda: bool(waits), lambda: 1.0
    )
    with pytest.raises(SourceError, match="stopped before its end"):
        http.fetch(URL, SENT, parse_json)
    assert waits == [1]


Conversation = Callable[[socket.socket], None]


@contextmanager
def listening(*conversations: Conversation) -> Iterator[str]:
    """A server on loopback that holds one conversation a connection; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server, conversations))
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}{PATH}"
        thread.join(10)
        assert not thread.is_alive()


def serve(server: socket.socket, conversations: tuple[Conversation, ...]) -> None:
    for conversation in conversations:
        connection, _ = server.accept()
        with connection:
            request = b""
            while b"\r\n\r\n" not in request:
                request += connection.recv(65_536)
            conversation(connection)


def reset(connection: socket.socket) -> None:
    """Hang up in the rudest way, as a crashed proxy does."""
    linger_for_no_time = b"\1\0\0\0\0\0\0\0"
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_no_time)


def hang_up(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_RDWR)


def stop_half_way(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + GOOD[:20])


def stop_half_way_unannounced(connection: socket.socket) -> None:
    """Without a length, only the JSON itself shows that something is missing."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + GOOD[:20])


def stop_in_a_chunk(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + GOOD[:20])


def speak_gibberish(connection: socket.socket) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")


def be_silent(connection: socket.socket) -> None:
    """Wait until the other side has had enough."""
    connection.recv(1)


def start_and_be_silent(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + GOOD[:20])
    connection.recv(1)


def lie_about_gzip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope")
    connection.recv(1)


def answer(connection: socket.socket) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(GOOD)}\r\n\r\n"
    connection.sendall(head.encode() + GOOD)
    connection.recv(1)


@pytest.mark.parametrize(
    "fault",
    [
        reset,
        hang_up,
        stop_half_way,
        stop_half_way_unannounced,
        stop_in_a_chunk,
        speak_gibberish,
        be_silent,
        start_and_be_silent,
        lie_about_gzip,
    ],
)
def test_a_real_connection_that_breaks_is_tried_again(
    fault: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codex_http, "_TIMEOUT", httpx.Timeout(0.2))
    waits: list[float] = []
    with listening(fault, fault, answer) as url, httpx.Client(trust_env=False, verify=False) as client:
        fetched = CodexHttp(client, KEY, waits.append, lambda: False, lambda: 1.0).fetch(
            url, SENT, parse_json
        )
        client.close()
    assert fetched == {"object": "page", "data": [], "has_more": False}
    assert waits == [1, 2]


def test_a_server_that_is_not_there_is_an_error_of_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with (
        httpx.Client(trust_env=False, verify=False) as client,
        pytest.raises(SourceError, match="could not be reached") as failed,
    ):
        CodexHttp(client, KEY, lambda _: None, lambda: False).fetch(
            f"http://127.0.0.1:{port}{PATH}", SENT, parse_json
        )
    assert not failed.value.permanent
