"""``ask``: a slash command's answer in the terminal, as somebody would get it."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import closing
from datetime import datetime

from bot.app.answering import build_ask, build_exports
from bot.app.clients import build_store
from bot.app.launch import Launch
from bot.app.looking_back import look_back
from bot.cli.setup import add_json, set_up
from bot.core.alerts.answers import LookingBack
from bot.core.answers import ExportAnswer
from bot.features.export import Exports
from bot.slack.answers.export import export_note
from bot.slack.render import render
from bot.slack.terminal import as_text, plain_text


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "ask",
        help="answer a slash command's text in the terminal, as that person would get it",
        description="Answers what somebody would type after /codex-usage, as they would get it, from what is stored.",
        epilog="Examples: codex-usage-bot ask --as alice@example.com team last week; "
        "… ask --as alice@example.com export csv last month > usage.csv",
    )
    parser.add_argument("--as", dest="viewer", required=True, metavar="EMAIL", help="whose answer to show")
    parser.add_argument("text", nargs="*", metavar="TEXT", help="what they type; nothing is their own usage")
    add_json(parser, "print the Slack message: response_type, text and blocks")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, launch: Launch) -> int:
    """Answer once."""
    config = set_up()
    now = launch.clock()
    with closing(build_store(config)) as store:
        answer = build_ask(config, store).answer_as(options.viewer, " ".join(options.text), now)
        if isinstance(answer, ExportAnswer) and not options.json:
            return _print_file(build_exports(config, store), options.viewer, answer, now)
        if isinstance(answer, LookingBack):
            answer = look_back(config, store, answer, now)
    message = render(answer)
    print(json.dumps(message.as_dict(), ensure_ascii=False, indent=2) if options.json else as_text(message))
    return 0


def _print_file(exports: Exports, viewer: str, answer: ExportAnswer, now: datetime) -> int:
    """The file itself, for a redirection; what it holds goes to standard error."""
    print(plain_text(export_note(answer)), file=sys.stderr)
    with exports.open_as(viewer, answer.command, now) as found:
        for line in found.lines if found else ():
            sys.stdout.buffer.write(line.encode())
    sys.stdout.flush()
    return 0
