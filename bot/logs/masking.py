"""What a secret can look like in a text, and its replacement."""

from __future__ import annotations

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

MASKED = "[secret]"

# Shapes that are secret whoever owns them: Slack's tokens, OpenAI's keys, addresses that let anybody answer
# in Slack's name for half an hour, and tickets that open a Socket Mode connection.
_SHAPES = (
    r"\b(?:xox[a-z]|xapp|sk)-[\w.-]{6,}",
    r"(?<=hooks\.slack\.com/)[\w/%.-]+",
    r"(?<=[?&]ticket=)[\w%.-]+",
)
_SHORTEST_BASE64 = 8


class Mask:
    """Replaces every known secret, plain or encoded, and whatever is shaped like a token."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        # the longest first: a secret may begin with another one
        known = [re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form))]
        # without regard to case: %2f and %2F are the same
        self._pattern = re.compile("|".join((*known, *_SHAPES)), re.IGNORECASE)

    def __call__(self, text: str) -> str:
        return self._pattern.sub(MASKED, text)


def _forms(secret: str) -> Iterator[str]:
    yield secret
    yield repr(secret)[1:-1]
    yield repr(secret.encode())[2:-1]
    yield json.dumps(secret)[1:-1]
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote_plus(secret)
    yield from _base64_cores(secret.encode())


def _base64_cores(secret: bytes) -> Iterator[str]:
    """The Base64 letters that depend on the secret alone, wherever in a longer text it stood.

    Three bytes become four letters, so there are three ways for a secret to be cut; letters that share bits
    with a neighbour of the secret are left out.
    """
    for before in range(3):
        first, after = -(-before * 4 // 3), (before + len(secret)) * 4 // 3
        for encode in (b64encode, urlsafe_b64encode):
            core = encode(bytes(before) + secret).decode()[first:after]
            if len(core) >= _SHORTEST_BASE64:
                yield core
