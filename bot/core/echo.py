"""How a person's own words are repeated to them."""

from __future__ import annotations

LONGEST = 40


def echo(text: str) -> str:
    """The words in quotation marks, on one line, cut to 40 characters.

    Nothing is escaped: only the renderer knows what its reader takes for markup.
    """
    printable = "".join(char if char.isprintable() else " " for char in text)
    words = " ".join(printable.split())
    return f"“{words if len(words) <= LONGEST else words[: LONGEST - 1] + '…'}”"
