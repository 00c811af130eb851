"""Which requests are taken for Slack's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from bot.errors import ConfigError
from bot.listeners.signatures import REMEMBER_SECONDS, Signatures, Verdict
from tests.listeners.rig import NOON, SECRET, sign

BODY = b"command=%2Fcodex-usage&text=me"
STAMP = str(int(NOON.timestamp()))

PUBLISHED_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


def test_the_vector_that_slack_publishes() -> None:
    """Secret, timestamp, body and signature of Slack's own documentation."""
    signatures = Signatures("8f742231b10e8888abcd99yyyzzz85a5")
    then = datetime.fromtimestamp(1531420618, UTC)

    verdict = signatures.judge(
        "1531420618",
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        PUBLISHED_BODY,
        then,
    )

    assert verdict is Verdict.GENUINE


@settings(derandomize=True, max_examples=50)
@given(st.text())
def test_agrees_with_slacks_own_library(body: str) -> None:
    """Whatever text slack_sdk signs is genuine here."""
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=STAMP, body=body)

    assert Signatures(SECRET).judge(STAMP, str(signature), body.encode(), NOON) is Verdict.GENUINE


@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_five_minutes_either_way_are_fine(seconds: int) -> None:
    now = NOON + timedelta(seconds=seconds)

    assert Signatures(SECRET).judge(STAMP, sign(BODY, STAMP), BODY, now) is Verdict.GENUINE


@pytest.mark.parametrize("seconds", [-301, 301, 86_400])
def test_more_than_five_minutes_are_not(seconds: int) -> None:
    now = NOON + timedelta(seconds=seconds)

    assert Signatures(SECRET).judge(STAMP, sign(BODY, STAMP), BODY, now) is Verdict.INVALID


@pytest.mark.parametrize(
    "timestamp",
    [
        "",
        " ",
        "abc",
        f" {STAMP}",
        f"{STAMP}\n",
        f"+{STAMP}",
        f"{STAMP}.0",
        "-1",
        "9" * 13,
        "9" * 5000,
        "\u0661\u0662",
        "1_0",
        "1e9",
    ],
)
def test_a_timestamp_is_plain_digits(timestamp: str) -> None:
    """Even rightly signed, anything else is refused without an exception."""
    signature = sign(BODY, timestamp)

    assert Signatures(SECRET).judge(timestamp, signature, BODY, NOON) is Verdict.INVALID


@pytest.mark.parametrize(
    "form", ["{upper}", "{hex}", "v0={hex}0", "v0={short}", "v0={hex}\n", " v0={hex}", "v0={hex}, v0={hex}"]
)
def test_a_signature_has_one_form(form: str) -> None:
    right = sign(BODY, STAMP)
    signature = form.format(upper=right.upper(), hex=right[3:], short=right[3:-1])

    assert Signatures(SECRET).judge(STAMP, signature, BODY, NOON) is Verdict.INVALID


@pytest.mark.parametrize(
    "signature", ["", "v0=", "v0=" + "\u00e9" * 64, "v0=" + "0" * 64, "v1=" + "0" * 64, "\x00"]
)
def test_a_wrong_signature_is_refused(signature: str) -> None:
    assert Signatures(SECRET).judge(STAMP, signature, BODY, NOON) is Verdict.INVALID


def test_a_changed_body_or_another_secret_is_refused() -> None:
    signatures = Signatures(SECRET)

    assert signatures.judge(STAMP, sign(BODY, STAMP), BODY + b" ", NOON) is Verdict.INVALID
    assert signatures.judge(STAMP, sign(BODY, STAMP, "other"), BODY, NOON) is Verdict.INVALID


def test_the_second_time_is_a_replay_as_long_as_the_signature_could_be_good() -> None:
    signatures = Signatures(SECRET)
    early, late = NOON - timedelta(seconds=300), NOON + timedelta(seconds=300)
    signature = sign(BODY, STAMP)

    assert signatures.judge(STAMP, signature, BODY, early) is Verdict.GENUINE
    assert signatures.judge(STAMP, signature, BODY, late) is Verdict.REPLAYED
    assert late - early <= timedelta(seconds=REMEMBER_SECONDS)


def test_garbage_is_not_remembered() -> None:
    """Otherwise strangers could fill the memory, or spoil a signature before its request comes."""
    signatures = Signatures(SECRET)
    signature = sign(BODY, STAMP)

    assert signatures.judge(STAMP, signature, b"other body", NOON) is Verdict.INVALID
    assert len(signatures._seen) == 0
    assert signatures.judge(STAMP, signature, BODY, NOON) is Verdict.GENUINE


def test_an_empty_secret_is_no_secret() -> None:
    with pytest.raises(ConfigError, match="SLACK_SIGNING_SECRET"):
        Signatures(" ")
