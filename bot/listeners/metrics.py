"""What the listeners count, for Prometheus; no label ever holds a person's name or address."""

from __future__ import annotations

from functools import partial

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

NAMESPACE = "codex_usage"
COMMAND_WORDS = frozenset(
    {
        "me",
        "team",
        "org",
        "top",
        "reviews",
        "budget",
        "alerts",
        "expect",
        "export",
        "settings",
        "status",
        "who",
        "help",
    }
)
ACTIONS = frozenset(
    {f"settings.{word}" for word in ("open", "pause", "resume", "save")}
    | {f"alerts.{word}" for word in ("change", "save", "reset", "use.low", "use.normal", "use.high")}
    | {f"budget.{word}" for word in ("add", "edit", "save", "remove")}
    | {"plan.end", *(f"own.{word}" for word in ("planned", "stopped", "not_me", "answer"))}
    | {
        f"alert.{word}"
        for word in ("acknowledge", "snooze", "expected", "normal", "answer", "details", "who")
    }
)
_ACK_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 3.0)  # Slack gives up after three seconds
_COMMAND_BUCKETS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)


class Metrics:
    """The listeners' counters, registered once in ``registry``."""

    def __init__(self, registry: CollectorRegistry, version: str) -> None:
        counter = partial(Counter, namespace=NAMESPACE, registry=registry)
        histogram = partial(Histogram, namespace=NAMESPACE, registry=registry)
        self.commands = counter("commands", "Slash commands by outcome.", ["command", "outcome"])
        self.command_seconds = histogram(
            "command_seconds", "From a command's arrival until its answer was sent.", buckets=_COMMAND_BUCKETS
        )
        self.ack_seconds = histogram(
            "ack_seconds", "How long a request from Slack took to be acknowledged.", buckets=_ACK_BUCKETS
        )
        self.presses = counter("presses", "Buttons and modals by outcome.", ["action", "outcome"])
        self.events = counter("slack_events", "Events by outcome.", ["event", "outcome"])
        self.replays = counter("replays_ignored", "Requests that came a second time.")
        self.invalid = counter("invalid_requests", "Requests refused with nothing done.", ["reason"])
        self.deliveries = counter(
            "deliveries", "Messages that went out by themselves, by what became of them.", ["outcome"]
        )
        self.delivery_rate = Gauge(
            "delivery_rate_per_second",
            "How many messages may go out in a second now.",
            namespace=NAMESPACE,
            registry=registry,
        )
        build = Gauge("build_info", "Always 1.", ["version"], namespace=NAMESPACE, registry=registry)
        build.labels(version).set(1)


def command_label(text: str) -> str:
    """The command word of a slash command's text, out of a closed set."""
    word = text.split(maxsplit=1)[0].lower() if text.strip() else "me"
    return word if word in COMMAND_WORDS else "other"


def action_label(action_id: str) -> str:
    """What was pressed, out of a closed set: every button that asks is one."""
    if action_id.startswith("ask."):
        return "ask"
    return action_id if action_id in ACTIONS else "other"
