"""``backup`` and ``restore``: a copy of the database, made while the bot runs, and put back when it does not."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.app.launch import Launch
from bot.cli.progress import Progress
from bot.cli.setup import set_up
from bot.store.backups import back_up, restore

_FORCE = "replace what is there already"


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare both commands."""
    backup = commands.add_parser(
        "backup",
        help="copy the database into a file, while the bot runs, and look through the copy",
        description="Writes one moment of the database into FILE, also while the bot runs, and looks through the"
        " copy before it takes that name. The file holds people's usage: keep it where only you can read it.",
        epilog="Example: codex-usage-bot backup /backup/codex-usage-2026-11-25.db",
    )
    backup.set_defaults(run=run_backup)
    restoring = commands.add_parser(
        "restore",
        help="put a backup in the place of the database",
        description="Looks through FILE and puts it in the place of the database. Stop the bot before. A file that is"
        " damaged, of a newer version or of another program is refused, and nothing has changed then.",
        epilog="Example: codex-usage-bot restore /backup/codex-usage-2026-11-25.db --force",
    )
    restoring.set_defaults(run=run_restore)
    for parser in (backup, restoring):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--force", action="store_true", help=_FORCE)


def run_backup(options: argparse.Namespace, _launch: Launch) -> int:
    """Copy, look through, and say how large it is."""
    database = set_up(quiet=True).database_file
    with Progress() as progress:
        progress.tell("Copying the database and looking through the copy")
        size = back_up(database, options.file, force=options.force)
    print(f"{options.file} holds {_megabytes(size)} and is whole.")
    return 0


def run_restore(options: argparse.Namespace, _launch: Launch) -> int:
    """Look through, put in place, and say what comes next."""
    database = set_up(quiet=True).database_file
    with Progress() as progress:
        progress.tell("Looking through the backup and putting it in place")
        size = restore(options.file, database, force=options.force)
    print(
        f"{_megabytes(size)} of {options.file} are in place. Start the bot: its next sync reads what is newer."
    )
    return 0


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
