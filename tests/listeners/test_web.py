"""The HTTP routes, over a real socket."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

import pytest
from inline_snapshot import snapshot
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.parser import text_string_to_metric_families

from bot.listeners.web import BODY_LIMIT, Readiness
from tests.listeners.rig import FORM, NOON, Rig, command_form, event_json, sign, signed

OPERATORS = ["/healthz", "/readyz", "/metrics"]


@pytest.fixture
def rig() -> Iterator[Rig]:
    with Rig() as running:
        yield running


def test_health_is_being_there(rig: Rig) -> None:
    reply = rig.http.get("/healthz")

    assert (reply.status_code, reply.json()) == (200, {"ok": True})
    assert reply.headers["content-type"] == "application/json"
    assert "server" not in reply.headers


def test_readiness_is_asked_with_the_time() -> None:
    asked: list[datetime] = []

    def not_yet(now: datetime) -> Readiness:
        asked.append(now)
        return Readiness(ready=False, reasons=("The last sync is 4 hours old.",))

    with Rig(readiness=not_yet) as rig:
        reply = rig.http.get("/readyz")

        assert reply.status_code == 503
        assert reply.json() == snapshot({"ready": False, "reasons": ["The last sync is 4 hours old."]})
        assert asked == [NOON]
        assert rig.http.get("/healthz").status_code == 200


def test_ready_means_no_reasons(rig: Rig) -> None:
    reply = rig.http.get("/readyz")

    assert (reply.status_code, reply.json()) == (200, {"ready": True, "reasons": []})


def test_a_readiness_check_that_fails_is_a_reason(caplog: pytest.LogCaptureFixture) -> None:
    def fail(now: datetime) -> Readiness:
        raise ZeroDivisionError("path of the database")

    with Rig(readiness=fail) as rig:
        reply = rig.http.get("/readyz")

        assert reply.status_code == 503
        assert reply.json()["reasons"][0].startswith("the check itself failed, fault ")
        assert "database" not in reply.text
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_metrics_are_prometheus_text_and_name_nobody(rig: Rig) -> None:
    rig.ask("team <@U0CAROL|carol> carol@example.com 7d")
    rig.ask("carol@example.com")
    rig.catcher.wait_for(2)
    rig.commands.close(5)

    reply = rig.http.get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(reply.text)}

    assert reply.headers["content-type"].startswith("text/plain; version=")
    assert sorted(name for name in families if not name.endswith("_created")) == snapshot(
        [
            "codex_usage_ack_seconds",
            "codex_usage_build_info",
            "codex_usage_command_seconds",
            "codex_usage_commands",
            "codex_usage_deliveries",
            "codex_usage_delivery_rate_per_second",
            "codex_usage_invalid_requests",
            "codex_usage_presses",
            "codex_usage_replays_ignored",
            "codex_usage_slack_events",
        ]
    )
    assert {sample.labels["command"] for sample in families["codex_usage_commands"].samples} == {
        "team",
        "other",
    }
    assert 'codex_usage_build_info{version="1.2.3"} 1.0' in reply.text
    assert "carol" not in reply.text.lower()


def test_other_rooms_add_their_own_metrics(rig: Rig) -> None:
    class SyncAge:
        def collect(self) -> Iterator[GaugeMetricFamily]:
            yield GaugeMetricFamily("codex_usage_sync_age_seconds", "Age of the last sync.", value=42)

    rig.registry.register(SyncAge())

    assert "codex_usage_sync_age_seconds 42.0" in rig.http.get("/metrics").text


def test_a_collector_that_fails_is_a_fault_with_an_id(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def describe(self) -> list[GaugeMetricFamily]:
            return []

        def collect(self) -> Iterator[GaugeMetricFamily]:
            raise ZeroDivisionError

    rig.registry.register(Broken())
    reply = rig.http.get("/metrics")

    assert reply.status_code == 500
    assert reply.json()["fault"] in caplog.text
    assert rig.http.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", OPERATORS)
@pytest.mark.parametrize("method", ["POST", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"])
def test_operators_only_read(rig: Rig, method: str, path: str) -> None:
    reply = rig.http.request(method, path)

    assert (reply.status_code, reply.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_slack_only_posts(rig: Rig, method: str) -> None:
    reply = rig.http.request(method, "/slack/events")

    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/slack",
        "/slack/events/",
        "/slack/install",
        "/slack/oauth_redirect",
        "/healthz/x",
        "/%2e%2e",
        "/M\u00fc",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_else_is_there(rig: Rig, method: str, path: str) -> None:
    assert rig.http.request(method, path).status_code == 404


def test_in_socket_mode_slack_has_no_door_here() -> None:
    with Rig(socket_mode=True) as rig:
        body = command_form("me", rig.catcher.url)

        assert rig.post(body).status_code == 404
        assert [rig.http.get(path).status_code for path in OPERATORS] == [200, 200, 200]


def refused(rig: Rig, body: bytes, headers: dict[str, str]) -> bool:
    """True when the request got exactly the refusal, and nothing was done."""
    reply = rig.post(body, headers)
    rig.commands.close(5)
    assert reply.headers["content-type"] == "application/json"
    return (reply.status_code, reply.json()) == (
        401,
        {"error": "invalid request"},
    ) and rig.catcher.answers == []


@pytest.mark.parametrize("missing", ["X-Slack-Request-Timestamp", "X-Slack-Signature"])
def test_a_missing_header_is_refused(rig: Rig, missing: str) -> None:
    body = command_form("me", rig.catcher.url)
    headers = signed(body)
    del headers[missing]

    assert refused(rig, body, headers)
    assert rig.count("invalid_requests_total", reason="signature") == 1


@pytest.mark.parametrize(
    "timestamp", ["", "abc", "9" * 5000, "-5", "1.5", "0x10", "1 2"], ids=lambda text: text[:5]
)
def test_a_malformed_timestamp_is_refused(rig: Rig, timestamp: str) -> None:
    body = command_form("me", rig.catcher.url)

    assert refused(rig, body, {**signed(body), "X-Slack-Request-Timestamp": timestamp})


def test_a_signature_in_other_letters_is_refused(rig: Rig) -> None:
    body = command_form("me", rig.catcher.url)
    headers = [
        (name.encode(), value.encode()) for name, value in signed(body).items() if "Signature" not in name
    ]
    reply = rig.http.post(
        "/slack/events", content=body, headers=[*headers, (b"X-Slack-Signature", b"v0=" + b"\xe9" * 64)]
    )

    assert reply.status_code == 401


def test_an_old_request_is_refused(rig: Rig) -> None:
    body = command_form("me", rig.catcher.url)

    assert refused(rig, body, signed(body, timestamp=int(NOON.timestamp()) - 301))


def test_two_signatures_are_none(rig: Rig) -> None:
    body = command_form("me", rig.catcher.url)
    headers = [*signed(body).items(), ("X-Slack-Signature", "v0=" + "0" * 64)]

    assert rig.http.post("/slack/events", content=body, headers=headers).status_code == 401


def test_a_replay_is_answered_and_ignored(rig: Rig) -> None:
    body = command_form("me", rig.catcher.url)
    headers = signed(body)
    replies = [rig.post(body, headers) for _ in range(3)]
    rig.commands.close(5)

    assert [(reply.status_code, reply.content) for reply in replies] == [(200, b"")] * 3
    assert len(rig.catcher.answers) == 1
    assert rig.count("replays_ignored_total") == 2


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe\x00", FORM),
        (b"text=\xe9", FORM),
        (b'{"type": "event_callback"', "application/json"),
        (b"{", FORM),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'"text"', "application/json"),
        (b"1e999", "application/json"),
        (b"[" * 20_000, "application/json"),
        (b"payload=%7B", FORM),
        (b"payload=[]", FORM),
        (b"payload=null", FORM),
        (b'{"type": "event_callback", "event": "user_change"}', "application/json"),
        (b'{"type": "event_callback", "event": [1]}', "application/json"),
        (b'{"type": "event_callback", "event": {"type": ["user_change"]}}', "application/json"),
        (b'{"type": "event_callback", "event": {}, "authorizations": [1]}', "application/json"),
        (b'{"team": 5, "user": 7, "view": 9}', "application/json"),
        (b'{"command": ["/codex-usage"], "user_id": "U0CAROL"}', "application/json"),
        (b"", FORM),
        (b"=&=&%ZZ", FORM),
        (b"ssl_check=1&token=x", FORM),
    ],
    ids=range(21),
)
def test_nonsense_with_a_good_signature_does_no_harm(rig: Rig, body: bytes, content_type: str) -> None:
    reply = rig.post(body, signed(body, content_type))
    rig.commands.close(5)
    rig.directory.close(5)

    assert reply.status_code in {200, 400}
    assert rig.catcher.answers == []
    assert rig.people == []


def test_an_unsigned_ssl_check_is_fine_and_does_nothing(rig: Rig) -> None:
    headers = {"Content-Type": FORM}
    body = command_form("me", rig.catcher.url) + b"&ssl_check=1"

    assert rig.post(b"ssl_check=1&token=abc", headers).status_code == 200
    assert rig.post(body, headers).content == b""
    assert rig.post(b"ssl_check=1", {**headers, "X-Slack-Signature": "v0=0"}).status_code == 401
    assert rig.post(b"ssl_check=0", headers).status_code == 401
    rig.commands.close(5)
    assert rig.catcher.answers == []


@pytest.mark.parametrize("size", [BODY_LIMIT + 1, 2 * BODY_LIMIT, 6 * BODY_LIMIT])
def test_a_body_beyond_the_limit_is_refused(rig: Rig, size: int) -> None:
    body = b"x" * size

    assert rig.post(body).status_code == 413


def test_a_body_at_the_limit_is_read(rig: Rig) -> None:
    body = event_json({"type": "message", "text": ""})
    body = body.replace(b'"text": ""', b'"text": "' + b"x" * (BODY_LIMIT - len(body)) + b'"')

    assert len(body) == BODY_LIMIT
    assert rig.post(body, signed(body, "application/json")).status_code == 200


def test_a_body_in_chunks_is_a_body(rig: Rig) -> None:
    """A proxy may send it on like that; the signature is over the bytes."""
    body = command_form("me", rig.catcher.url)
    stamp = str(int(NOON.timestamp()))
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(body, stamp),
        "Content-Type": FORM,
    }
    reply = rig.http.post("/slack/events", content=iter([body[:10], body[10:]]), headers=headers)

    assert reply.status_code == 200
    assert len(rig.catcher.wait_for(1)) == 1
