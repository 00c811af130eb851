"""What every command does first: reads the configuration and sets up the log."""

from __future__ import annotations

import argparse

from bot.config import Config, load_config
from bot.logs import configure_logging

Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def set_up(*, quiet: bool = False) -> Config:
    """The configuration of this process, with the log going to standard error. Raises `ConfigError`."""
    config = load_config()
    configure_logging("warning" if quiet else config.log_level, config.log_format, config.secrets)
    return config


def add_json(parser: argparse.ArgumentParser, help_text: str) -> None:
    """The option for machines."""
    parser.add_argument("--json", action="store_true", help=help_text)
