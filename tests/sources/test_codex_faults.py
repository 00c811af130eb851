"""The API's own words about a fault, in whatever shape they come, as one safe line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.codex_faults import EXCERPT_LIMIT, excerpt_of

KEY = "sk-admin-Zoe7Left9Long3Ago"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b'{"error": {"message": "No", "type": "auth_error", "code": null}}', "No (auth_error)"),
        (b'{"error": {"message": "No", "type": "auth_error", "code": "bad_key"}}', "No (bad_key)"),
        (b'{"error": {"code": "bad_key"}}', "bad_key"),
        (b'{"error": "No"}', "No"),
        (b'{"error": "invalid_token", "error_description": "expired"}', "invalid_token"),
        (b'{"detail": "Not Found"}', "Not Found"),
        (b'{"detail": {"message": "Nested"}}', "Nested"),
        (b'{"detail": ["one", "two"]}', "one; two"),
        (b'{"message": "Rate limit reached"}', "Rate limit reached"),
        (b'{"error": null, "detail": "", "message": "third"}', "third"),
        (
            b'{"detail":[{"type":"uuid_parsing","loc":["path","workspace_id"],"msg":"Input is bad"},{"loc":null,"msg":"and more"}]}',
            "path.workspace_id: Input is bad; and more",
        ),
        (b"[]", ""),
        (b"{}", ""),
        (b"null", ""),
        (b'"gone"', "gone"),
        (b"", ""),
        (b"plain  words\n on\ttwo lines ", "plain words on two lines"),
        (
            b"<html><head><title>502 Bad\nGateway &amp; more</title></head><body>x</body></html>",
            "502 Bad Gateway & more",
        ),
        (b"<html><style>p {}</style><script>alert(1)</script><p>Just a <b>moment</b>", "Just a moment"),
        (b"\xff\x00\x1b[31mred", "� [31mred"),
        (b"{broken", "{broken"),
        (b"skeleton skiing", "skeleton skiing"),
    ],
)
def test_every_known_shape_becomes_one_line(body: bytes, line: str) -> None:
    assert excerpt_of(body, KEY) == line


def test_the_input_that_was_refused_is_not_repeated() -> None:
    body = b'{"detail":[{"loc":["query","page"],"msg":"Invalid","input":"alice@example.com"}]}'
    assert "alice" not in excerpt_of(body, KEY)


def test_a_long_text_is_cut() -> None:
    line = excerpt_of(b"word " * 10_000, KEY)
    assert len(line) <= EXCERPT_LIMIT
    assert line.endswith("word…")


@pytest.mark.parametrize(
    "text",
    [KEY, f"Bearer {KEY}", "bearer abcdef", "sk-proj-abcdef123", "sk-****wxyz", "eyJhbGciOiJIUzI1NiJ9.e30.x"],
)
def test_keys_are_cleared(text: str) -> None:
    assert excerpt_of(json.dumps({"error": f"bad: {text}!"}).encode(), KEY) in ("bad: [key]!", "bad: [key]")


def test_a_key_cut_by_the_limit_is_cleared_before_it_is_cut() -> None:
    line = excerpt_of(b"." * (EXCERPT_LIMIT - 10) + b" " + KEY.encode(), KEY)
    assert KEY[:6] not in line


@settings(derandomize=True)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["error", "detail", "message", "code", "type", "loc", "msg", "x"]),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_any_json_becomes_one_safe_line(payload: Any) -> None:
    assert_safe(excerpt_of(json.dumps(payload).encode(), KEY))


@settings(derandomize=True)
@given(st.binary(max_size=400))
def test_any_bytes_become_one_safe_line(body: bytes) -> None:
    assert_safe(excerpt_of(body + KEY.encode() + body, KEY))


def assert_safe(line: str) -> None:
    assert line.isprintable()
    assert len(line) <= EXCERPT_LIMIT
    assert KEY not in line
    line.encode()
