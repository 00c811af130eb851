"""Client ids to the surfaces people know."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.models import Slice, Totals
from bot.core.surfaces import merge_slices, surface_of

EXACT = settings(derandomize=True, deadline=None, max_examples=100)

JETBRAINS = [
    "INTELLIJ_IDEA",
    "INTELLIJ_IDEA_COMMUNITY_EDITION",
    "INTELLIJ_IDEA_EDUCATIONAL_EDITION",
    "RUBYMINE",
    "PYCHARM",
    "PYCHARM_COMMUNITY_EDITION",
    "DATASPELL",
    "PYCHARM_EDUCATIONAL_EDITION",
    "PHPSTORM",
    "WEBSTORM",
    "APPCODE",
    "CLION",
    "DATAGRIP",
    "RIDER",
    "GOLAND",
    "ANDROID_STUDIO",
    "CLIENT",
    "GATEWAY",
    "FLEET_BACKEND",
    "AQUA",
    "RUSTROVER",
    "WRITERSIDE",
    "GITCLIENT",
    "MPS",
]
CLIENTS = {
    "CLI": ["CODEX_CLI"],
    "IDE": ["CODEX_IDE_VSCODE", "CODEX_IDE_XCODE", *(f"CODEX_IDE_JETBRAINS_{name}" for name in JETBRAINS)],
    "Cloud": ["CODEX_WEB", "CODEX_CLOUD_GENERAL_AGENT"],
    "Desktop": ["CODEX_DESKTOP_APP", "CODEX_CHATGPT_DESKTOP", "CODEX_WORK_DESKTOP"],
    "Browser and mobile": [
        "CODEX_CHROME_EXTENSION_SIDE_PANEL",
        "CODEX_ATLAS",
        "CODEX_WORK_WEB",
        "CODEX_WORK_MOBILE",
    ],
    "Code review": ["CODEX_GITHUB"],
    "Automation": ["CODEX_GITHUB_ACTION", "CODEX_SDK_TS", "CODEX_SERVICE_EXEC"],
    "Slack": ["CODEX_SLACK"],
    "Other": ["CODEX_FLORA", "CODEX_UNKNOWN_DEFAULT"],
}
ALL = [(client, surface) for surface, clients in CLIENTS.items() for client in clients]

totals = st.builds(
    Totals, rows=st.integers(0, 9), credits_micro=st.integers(0, 10**6), turns=st.integers(0, 99)
)


@pytest.mark.parametrize(("client", "surface"), ALL)
def test_every_documented_client_has_its_surface(client: str, surface: str) -> None:
    assert surface_of(client) == surface


def test_the_documented_clients_are_43_on_at_most_9_surfaces() -> None:
    assert len(dict(ALL)) == 43
    assert len(CLIENTS) <= 9


@pytest.mark.parametrize(
    ("client", "surface"),
    [
        ("CODEX_IDE_ZED", "IDE"),
        ("CODEX_SDK_PYTHON", "Automation"),
        ("CODEX_HOLOGRAM", "Other"),
        ("MY_CODEX_IDE_VSCODE", "Other"),
        ("", "Other"),
    ],
)
def test_a_client_newer_than_the_table(client: str, surface: str) -> None:
    assert surface_of(client) == surface


def test_slices_of_one_surface_are_added_and_sorted_by_credits_then_label() -> None:
    merged = merge_slices(
        [
            ("CODEX_IDE_XCODE", Totals(rows=1, credits_micro=2, turns=3)),
            ("CODEX_WEB", Totals(rows=1, credits_micro=5)),
            ("CODEX_CLI", Totals(rows=1, credits_micro=5)),
            ("CODEX_IDE_VSCODE", Totals(rows=2, credits_micro=7, turns=1)),
        ]
    )

    assert merged == (
        Slice("IDE", Totals(rows=3, credits_micro=9, turns=4)),
        Slice("CLI", Totals(rows=1, credits_micro=5)),
        Slice("Cloud", Totals(rows=1, credits_micro=5)),
    )


def test_slices_can_be_merged_by_another_key() -> None:
    merged = merge_slices([("gpt-5.5", Totals(rows=1)), ("gpt-5.5", Totals(rows=2))], label_of=str.upper)

    assert merged == (Slice("GPT-5.5", Totals(rows=3)),)


def test_no_slices_merge_to_none() -> None:
    assert merge_slices([]) == ()


@EXACT
@given(st.lists(st.tuples(st.sampled_from([*dict(ALL), "NEW", "CODEX_IDE_NEW"]), totals), max_size=12))
def test_merging_loses_nothing_and_depends_on_no_order(parts: list[tuple[str, Totals]]) -> None:
    merged = merge_slices(parts)

    assert sum((part.totals for part in merged), Totals()) == sum((part for _, part in parts), Totals())
    assert merge_slices(reversed(parts)) == merged
    assert [part.totals.credits_micro for part in merged] == sorted(
        (part.totals.credits_micro for part in merged), reverse=True
    )
    assert len({part.label for part in merged}) == len(merged)
