"""Every digest as a Slack message."""

from __future__ import annotations

from typing import assert_never

from bot.core.digests.contents import Digest, ManagerDigest, OrganisationDigest, PersonalDigest
from bot.slack.digests.manager import render_manager
from bot.slack.digests.organisation import render_organisation
from bot.slack.digests.personal import render_personal
from bot.slack.messages import Message


def render_digest(digest: Digest) -> Message:
    """The message for its recipient."""
    match digest:
        case ManagerDigest():
            return render_manager(digest)
        case PersonalDigest():
            return render_personal(digest)
        case OrganisationDigest():
            return render_organisation(digest)
        case _:
            assert_never(digest)
