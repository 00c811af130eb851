"""The configuration: defaults, where values come from, and every problem at once without a value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.config import SETTINGS, Config, DigestSchedule, Setting, from_environ, load_config, settings
from bot.config.parsing import UnfitError
from bot.errors import ConfigError

REQUIRED = {
    "SLACK_BOT_TOKEN": "xoxb-bot-of-the-test",
    "SLACK_APP_TOKEN": "xapp-app-of-the-test",
    "CODEX_API_KEY": "an.opaque.key",
    "CODEX_WORKSPACE_ID": "01234567-89ab-cdef-0123-456789abcdef",
}


def config_with(**changes: str) -> Config:
    return from_environ({**REQUIRED, **changes})


def problems_of(environ: Mapping[str, str], dotenv: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        from_environ(environ, dotenv=dotenv)
    return caught.value.problems


def problem_with(**changes: str) -> str:
    (problem,) = problems_of({**REQUIRED, **changes})
    return problem


def test_what_is_required_is_enough_and_the_rest_has_defaults() -> None:
    config = from_environ(REQUIRED)

    assert config.slack.mode == "socket"
    assert config.slack.api_url == "https://slack.com/api/"
    assert (config.host, config.port) == ("0.0.0.0", 3000)
    assert config.codex.api_url == "https://api.chatgpt.com/v1/analytics/codex"
    assert config.database_file == Path("data/codex-usage.db")
    assert config.digest_schedule == DigestSchedule(0, time(9, 0))
    assert config.timezone == ZoneInfo("UTC")
    assert config.sync_interval_minutes == 60
    assert (config.delivery.doubt, config.delivery.quarantine_seconds) == ("skip", 90)
    assert config.delivery.rate_per_second == 5
    assert (config.log_level, config.log_format) == ("info", "text")
    assert (config.admin_emails, config.finance_emails) == (frozenset(), frozenset())
    assert (config.roster_file, config.finance_channel, config.credit_price_usd) == (None, None, None)


def test_every_problem_is_told_at_once() -> None:
    environ = {
        "SLACK_APP_TOKEN": "xoxb-in-the-wrong-place",
        "PORT": "65536",
        "CODEX_WORKSPACE_ID": "org-123",
        "ADMIN_EMAILS": "erin@example.com, Finn <finn@example.com>, nobody",
        "LOG_FORMAT": "xml",
    }

    assert problems_of(environ) == snapshot(
        (
            "SLACK_BOT_TOKEN is required: set it, or SLACK_BOT_TOKEN_FILE to a file that holds it",
            "SLACK_APP_TOKEN must be an app-level token of the Slack app with the scope connections:write, which begins with xapp-",
            "PORT must be a whole number from 0 to 65535",
            "CODEX_API_KEY is required: set it, or CODEX_API_KEY_FILE to a file that holds it",
            "CODEX_WORKSPACE_ID must be a UUID such as 01234567-89ab-cdef-0123-456789abcdef",
            "ADMIN_EMAILS holds no bare e-mail address at position 2, 3: separate them by commas",
            "LOG_FORMAT must be one of text, json",
        )
    )


def test_an_empty_environment_names_each_required_variable_once() -> None:
    problems = problems_of({})

    named = [problem.split()[0] for problem in problems]
    assert named == ["SLACK_BOT_TOKEN", "CODEX_API_KEY", "CODEX_WORKSPACE_ID", "SLACK_APP_TOKEN"]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_no_problem_shows_a_value(setting: Setting[object]) -> None:
    """Whatever is pasted into whichever variable, it does not come back."""
    pasted = "xoxb- 98765\x00~pasted/into/the://wrong@place"

    for changes in ({setting.name: pasted}, {f"{setting.name}_FILE": pasted}):
        environ = {name: text for name, text in REQUIRED.items() if name != setting.name} | changes
        problems = " ".join(problems_of(environ))
        assert setting.name in problems
        assert "98765" not in problems
        assert "pasted" not in problems


@given(text=st.text(max_size=80))
@hypothesis_settings(derandomize=True, deadline=None)
def test_any_text_is_a_value_or_an_unfit_one(text: str) -> None:
    """No parser fails in a way of its own, and none gives the text back in its complaint."""
    long_text = text + "\N{SNOWMAN}pasted"
    for setting in SETTINGS:
        complaint = ""
        try:
            setting.parse(long_text)
        except UnfitError as error:
            complaint = str(error)
        assert "pasted" not in complaint


def test_the_table_holds_every_setting_there_is() -> None:
    written = [value for value in vars(settings).values() if isinstance(value, Setting)]

    assert list(SETTINGS) == written


def test_printing_a_configuration_shows_no_secret() -> None:
    config = config_with(SLACK_SIGNING_SECRET="a-signing-secret")

    assert set(config.secrets) == {*list(REQUIRED.values())[:3], "a-signing-secret"}
    assert not [secret for secret in config.secrets if secret in f"{config!r} {config}"]


# ── where values come from ─────────────────────────────────────────────────────────────────────────────


def test_the_environment_wins_over_dotenv_and_an_empty_value_is_not_set(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("PORT=4000\nHOST=127.0.0.1\nLOG_LEVEL=debug\nLOG_FORMAT\n")

    config = from_environ({**REQUIRED, "PORT": "5000", "HOST": "", "TIMEZONE": " "}, dotenv=dotenv)

    assert (config.port, config.host, config.log_level) == (5000, "127.0.0.1", "debug")
    assert (config.log_format, config.timezone.key) == ("text", "UTC")


def test_dotenv_is_taken_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key with a dollar sign stays one, and a byte order mark does not hide the first name."""
    monkeypatch.setenv("HOME_OF_KEYS", "expanded")
    dotenv = tmp_path / ".env"
    dotenv.write_text("CODEX_API_KEY=a${HOME_OF_KEYS}$b\n", encoding="utf-8-sig")

    config = from_environ({**REQUIRED, "CODEX_API_KEY": ""}, dotenv=dotenv)

    assert config.codex.api_key == "a${HOME_OF_KEYS}$b"


def test_a_missing_dotenv_is_no_problem_and_an_unreadable_one_is(tmp_path: Path) -> None:
    assert from_environ(REQUIRED, dotenv=tmp_path / ".env").port == 3000
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"SLACK_BOT_TOKEN=\xff\xfe\n")

    assert problems_of(REQUIRED, dotenv) == (
        ".env cannot be read: it must be UTF-8 text that this process may read",
    )


def test_any_variable_can_be_read_from_a_file(tmp_path: Path) -> None:
    key, port = tmp_path / "key", tmp_path / "port"
    key.write_text("opaque-key\r\n")
    port.write_text("4000\n")

    config = from_environ(
        {**REQUIRED, "CODEX_API_KEY": "", "CODEX_API_KEY_FILE": str(key), "PORT_FILE": str(port)}
    )

    assert (config.codex.api_key, config.port) == ("opaque-key", 4000)


def test_an_empty_file_is_not_set(tmp_path: Path) -> None:
    empty = tmp_path / "key"
    empty.write_text("\n")

    (problem,) = problems_of({**REQUIRED, "CODEX_API_KEY": "", "CODEX_API_KEY_FILE": str(empty)})

    assert problem.startswith("CODEX_API_KEY is required")


def test_a_file_that_cannot_be_read_is_named_by_its_variable(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")

    for file in (tmp_path / "missing", tmp_path, binary):
        (problem,) = problems_of({**REQUIRED, "CODEX_API_KEY": "", "CODEX_API_KEY_FILE": str(file)})
        assert problem.startswith("CODEX_API_KEY_FILE names no text file")


def test_a_name_and_its_file_together_are_refused() -> None:
    assert problem_with(PORT="3000", PORT_FILE="/run/port") == (
        "PORT and PORT_FILE are both set: keep one of them"
    )


def test_a_value_in_the_environment_wins_over_a_file_named_in_dotenv(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("PORT_FILE=/nowhere\n")

    assert from_environ({**REQUIRED, "PORT": "4000"}, dotenv=dotenv).port == 4000


def test_a_misspelt_name_is_hinted_at_where_a_required_one_is_missing() -> None:
    environ = {**REQUIRED, "SLACK_BOT_TOKN": "xoxb-x", "SLACK_BOT_TOKEN": ""}

    (problem,) = problems_of(environ)

    assert problem == snapshot(
        "SLACK_BOT_TOKEN is required: set it, or SLACK_BOT_TOKEN_FILE to a file that holds it (SLACK_BOT_TOKN is set: is that a misspelling?)"
    )


def test_load_config_reads_the_process_and_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
        monkeypatch.delenv(f"{setting.name}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("".join(f"{name}={text}\n" for name, text in REQUIRED.items()))
    monkeypatch.setenv("PORT", "4000")
    before = dict(os.environ)

    config = load_config()

    assert (config.port, config.slack.bot_token) == (4000, REQUIRED["SLACK_BOT_TOKEN"])
    assert dict(os.environ) == before


# ── what fits ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("mode", "app_token", "signing_secret", "expected"),
    [
        ("", "xapp-1", "", "socket"),
        ("", "", "s1", "http"),
        ("", "xapp-1", "s1", "socket"),
        ("http", "xapp-1", "s1", "http"),
        ("HTTP", "", "s1", "http"),
        ("socket", "xapp-1", "", "socket"),
        ("socket", "", "s1", "SLACK_APP_TOKEN is required when SLACK_MODE is socket"),
        ("http", "xapp-1", "", "SLACK_SIGNING_SECRET is required when SLACK_MODE is http"),
        (
            "",
            "",
            "",
            "SLACK_APP_TOKEN is required for Socket Mode, or SLACK_SIGNING_SECRET for HTTP mode: set one of them",
        ),
        ("", "xoxb-1", "", "SLACK_APP_TOKEN must be an app-level token of the Slack app"),
        ("web", "", "", "SLACK_MODE must be one of socket, http"),
    ],
)
def test_the_mode_follows_from_what_is_there(
    mode: str, app_token: str, signing_secret: str, expected: str
) -> None:
    changes = {"SLACK_MODE": mode, "SLACK_APP_TOKEN": app_token, "SLACK_SIGNING_SECRET": signing_secret}

    if expected in {"socket", "http"}:
        assert config_with(**changes).slack.mode == expected
    else:
        assert problem_with(**changes).startswith(expected)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-a-person"),
        ("SLACK_BOT_TOKEN", "xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxb-two words"),
        ("CODEX_API_KEY", "line\nbreak"),
        ("CODEX_API_KEY", "sk-\N{EM DASH}"),
        ("SLACK_API_URL", "slack.com/api"),
        ("SLACK_API_URL", "ftp://slack.com/api/"),
        ("SLACK_API_URL", "https://user:word@slack.com/api/"),
        ("SLACK_API_URL", "https://slack.com:port/api/"),
        ("CODEX_API_URL", "https:///v1"),
        ("CODEX_API_URL", "https://api.chatgpt.com/v1?key=1"),
        ("HOST", "http://localhost"),
        ("PORT", "-1"),
        ("PORT", "3000.5"),
        ("PORT", "\N{ARABIC-INDIC DIGIT THREE}"),
        ("CODEX_WORKSPACE_ID", "0123456789abcdef0123456789abcdef"),
        ("DATABASE_URL", "postgresql://user:word@host/db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:///data/x.db?mode=ro"),
        ("DATABASE_URL", "sqlite:////"),
        ("DATABASE_URL", "sqlite:///data\0base"),
        ("ROSTER_FILE", "/nowhere/roster.csv"),
        ("ROSTER_FILE", "a path that is far too long" * 500),
        ("ROSTER_FILE", "null\0byte"),
        ("ADMIN_EMAILS", "erin@example.com; finn@example.com"),
        ("FINANCE_EMAILS", "@example.com"),
        ("FINANCE_CHANNEL", "#finance"),
        ("FINANCE_CHANNEL", "D0123456789"),
        ("DIGEST_SCHEDULE", "mon 24:00"),
        ("DIGEST_SCHEDULE", "09:00 mon"),
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "America"),
        ("TIMEZONE", "../etc/passwd"),
        ("CREDIT_PRICE_USD", "0"),
        ("CREDIT_PRICE_USD", "-0.04"),
        ("CREDIT_PRICE_USD", "NaN"),
        ("CREDIT_PRICE_USD", "0,04"),
        ("SYNC_INTERVAL_MINUTES", "0"),
        ("ALERT_GRACE_MINUTES", "0"),
        ("ALERT_ASK_FIRST", "perhaps"),
        ("SYNC_INTERVAL_MINUTES", "1441"),
        ("DELIVERY_DOUBT", "perhaps"),
        ("DELIVERY_QUARANTINE_SECONDS", "-1"),
        ("DELIVERY_QUARANTINE_SECONDS", "1e9"),
        ("DELIVERY_RATE_PER_SECOND", "0"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_what_does_not_fit_is_one_problem_that_names_the_variable(name: str, text: str) -> None:
    assert problem_with(**{name: text}).startswith(f"{name} ")


def test_urls_are_brought_into_the_form_their_clients_need() -> None:
    config = config_with(SLACK_API_URL="http://127.0.0.1:8080/api", CODEX_API_URL="http://[::1]:9/codex/")

    assert config.slack.api_url == "http://127.0.0.1:8080/api/"
    assert config.codex.api_url == "http://[::1]:9/codex"


def test_the_database_is_a_relative_or_absolute_file(tmp_path: Path) -> None:
    assert config_with(DATABASE_URL="sqlite:///x.db").database_file == Path("x.db")
    assert config_with(DATABASE_URL="sqlite:////var/lib/x.db").database_file == Path("/var/lib/x.db")
    assert config_with(DATABASE_URL="sqlite:///" + "x" * 5000).database_file.name == "x" * 5000
    assert problem_with(DATABASE_URL=f"sqlite:///{tmp_path}").startswith("DATABASE_URL names a folder")


def test_the_roster_must_be_a_file(tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("email\n")

    assert config_with(ROSTER_FILE=str(roster)).roster_file == roster
    assert problem_with(ROSTER_FILE=str(tmp_path)).startswith("ROSTER_FILE names no file")


def test_addresses_are_normalised_and_a_wrong_one_is_told_by_its_position() -> None:
    config = config_with(ADMIN_EMAILS=" Erin@Example.com,,erin@example.com , alice@example.com,")

    assert config.admin_emails == {"erin@example.com", "alice@example.com"}
    assert "at position 2, 4:" in problem_with(FINANCE_EMAILS="finn@example.com,finn,erin@example.com,a b@c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mon 09:00", DigestSchedule(0, time(9, 0))),
        ("Sun 7:05", DigestSchedule(6, time(7, 5))),
        ("Wednesday  23:59", DigestSchedule(2, time(23, 59))),
    ],
)
def test_a_schedule_is_a_weekday_and_a_time(text: str, expected: DigestSchedule) -> None:
    assert config_with(DIGEST_SCHEDULE=text).digest_schedule == expected


def test_numbers_zones_and_words() -> None:
    config = config_with(
        PORT="0",
        TIMEZONE="Australia/Lord_Howe",
        CREDIT_PRICE_USD="0.0400",
        SYNC_INTERVAL_MINUTES="1440",
        DELIVERY_DOUBT="Check",
        DELIVERY_QUARANTINE_SECONDS="1.5",
        DELIVERY_RATE_PER_SECOND="0.5",
        FINANCE_CHANNEL="G0123ABCD",
        ALERT_ASK_FIRST="Yes",
        ALERT_GRACE_MINUTES="30",
        LOG_LEVEL="WARNING",
        LOG_FORMAT="json",
    )

    assert (config.port, config.timezone.key) == (0, "Australia/Lord_Howe")
    assert (config.credit_price_usd, config.sync_interval_minutes) == (Decimal("0.04"), 1440)
    assert (config.delivery.doubt, config.delivery.quarantine_seconds) == ("check", 1.5)
    assert (config.delivery.rate_per_second, config.finance_channel) == (0.5, "G0123ABCD")
    assert (config.alert_ask_first, config.alert_grace) == (True, timedelta(minutes=30))
    assert (config.log_level, config.log_format) == ("warning", "json")
