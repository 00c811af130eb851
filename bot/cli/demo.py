"""``demo``: everything with no account, on this machine."""

from __future__ import annotations

import argparse

from bot.app.launch import Launch


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "demo",
        help="everything with no account: a simulated company, Codex API and Slack workspace",
        description="Invents a company, serves a Codex API and a Slack workspace on this machine, runs the real bot"
        " against them, shows a short tour, and serves a page in which one can be anybody there, until SIGTERM or"
        " Ctrl-C. Nothing leaves this machine.",
    )
    parser.add_argument(
        "--port", type=int, default=8080, help="port of the page in the browser (8080); 0 takes a free one"
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, _launch: Launch) -> int:
    """Show the demo."""
    from bot.demo.show import run_demo  # noqa: PLC0415 - no other command needs the simulation

    return run_demo(options.port, open_browser=not options.no_browser)
