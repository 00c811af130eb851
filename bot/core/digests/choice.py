"""How one employee wants digests: none, when, and whether one of their own usage, too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DigestChoice:
    """How one employee wants digests; what is None follows DIGEST_SCHEDULE."""

    is_paused: bool = False  # no digest of any kind
    weekday: int | None = None  # 0 is Monday
    minute: int | None = None  # of the local day, 0 … 1439
    wants_personal: bool = False  # a digest of one's own usage, too
