"""How long people wait: until the page can be used, and until an answer is on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import quantiles

from tests.browser.window import Window

COMMANDS = ("me", "team 7d", "top", "status", "help")


@dataclass(frozen=True, slots=True)
class Timed:
    """In milliseconds: the page from the request to its use, and 50 commands from Enter to the next frame."""

    interactive: float
    answers: tuple[float, ...]

    @property
    def p50(self) -> float:
        """Half of the answers are faster."""
        return quantiles(self.answers, n=20)[9]

    @property
    def p95(self) -> float:
        """One answer in twenty is slower."""
        return quantiles(self.answers, n=20)[18]

    def describe(self) -> str:
        """As a line to read."""
        return (
            f"page in use after {self.interactive:.0f} ms; {len(self.answers)} commands answered on the screen:"
            f" p50 {self.p50:.0f} ms, p95 {self.p95:.0f} ms"
        )


# From the key to the first frame after the answer has come into the document, both on the browser's clock.
_ASK = """(text) => new Promise((resolve) => {
    const box = document.getElementById("say");
    const list = document.querySelector("[data-region=main]");
    const before = list.querySelectorAll(".message").length;
    const began = performance.now();
    const watch = new MutationObserver(() => {
        if (list.querySelectorAll(".message").length === before) return;
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
    });
    watch.observe(list, { childList: true });
    box.value = text;
    box.form.requestSubmit();
})"""


def time_commands(window: Window, count: int) -> Timed:
    """Asks so often in the open window, one question after the other."""
    window.page.reload()
    window.page.locator("html[data-ready]").wait_for()
    interactive = float(window.page.evaluate("performance.getEntriesByName('ready')[0].startTime"))
    answers = tuple(
        float(window.page.evaluate(_ASK, f"/codex-usage {COMMANDS[place % len(COMMANDS)]}"))
        for place in range(count)
    )
    return Timed(interactive, answers)
