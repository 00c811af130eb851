"""The few surfaces that people know, out of the many client ids that the usage API tells apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from bot.core.models import Slice, Totals

CLI = "CLI"  # typed in a terminal
IDE = "IDE"  # inside an editor, whichever it is: nobody plans by the edition of an editor
CLOUD = "Cloud"  # tasks handed to a machine at OpenAI's; the web client is where they are started
DESKTOP = "Desktop"  # an application of its own on one's computer, for code or for other work
BROWSER_AND_MOBILE = "Browser and mobile"  # at hand beside something else: a side panel, a page, a phone
CODE_REVIEW = "Code review"  # what runs for a pull request, asked for by the repository rather than a person
AUTOMATION = "Automation"  # no one is watching: pipelines, scripts and programs of one's own
SLACK = "Slack"  # asked for in a conversation
OTHER = "Other"  # not told, not documented, or newer than this table

_SURFACES = {
    "CODEX_CLI": CLI,
    "CODEX_WEB": CLOUD,
    "CODEX_CLOUD_GENERAL_AGENT": CLOUD,
    "CODEX_DESKTOP_APP": DESKTOP,
    "CODEX_CHATGPT_DESKTOP": DESKTOP,
    "CODEX_WORK_DESKTOP": DESKTOP,
    "CODEX_CHROME_EXTENSION_SIDE_PANEL": BROWSER_AND_MOBILE,
    "CODEX_ATLAS": BROWSER_AND_MOBILE,  # a browser
    "CODEX_WORK_WEB": BROWSER_AND_MOBILE,
    "CODEX_WORK_MOBILE": BROWSER_AND_MOBILE,
    "CODEX_GITHUB": CODE_REVIEW,
    "CODEX_GITHUB_ACTION": AUTOMATION,
    "CODEX_SERVICE_EXEC": AUTOMATION,  # `codex exec`
    "CODEX_SLACK": SLACK,
    "CODEX_FLORA": OTHER,  # the API lists it and says nowhere what it is
    "CODEX_UNKNOWN_DEFAULT": OTHER,  # among others, integrations that name no client
}

# Families that grow without notice: every editor (VS Code, Xcode, 24 of JetBrains), every SDK.
_FAMILIES = (("CODEX_IDE_", IDE), ("CODEX_SDK_", AUTOMATION))


def surface_of(client: str) -> str:
    """The surface of a ``client_id`` as it came; "Other" for one that is not known."""
    if client in _SURFACES:
        return _SURFACES[client]
    return next((surface for prefix, surface in _FAMILIES if client.startswith(prefix)), OTHER)


def merge_slices(
    slices: Iterable[tuple[str, Totals]], label_of: Callable[[str], str] = surface_of
) -> tuple[Slice, ...]:
    """One slice a surface (or whatever ``label_of`` makes of the key), most credits first, then by label."""
    merged: defaultdict[str, Totals] = defaultdict(Totals)
    for key, totals in slices:
        merged[label_of(key)] += totals
    by_credits = sorted(merged.items(), key=lambda item: (-item[1].credits_micro, item[0]))
    return tuple(Slice(label, totals) for label, totals in by_credits)
