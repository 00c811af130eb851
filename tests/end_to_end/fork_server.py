"""Starts commands as processes of their own that need no second to import the program first."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_PROGRAM = """
import json, os, sys
import bot.cli

def become(order):
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    out = os.open(order["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number in (1, 2):
        os.dup2(out, number)
    status = 70
    try:
        status = bot.cli.main(order["arguments"])
        sys.stdout.flush()
    finally:
        os._exit(status)

for line in sys.stdin:
    order = json.loads(line)
    if "wait" in order:
        print(os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1]), flush=True)
    else:
        child = os.fork()
        if child == 0:
            become(order)
        print(child, flush=True)
"""


class Forked:
    """A command that runs."""

    def __init__(self, server: ForkServer, pid: int, output: Path) -> None:
        self._server = server
        self.pid = pid
        self._output = output

    @property
    def said(self) -> str:
        """Its standard output and error."""
        return self._output.read_text(encoding="utf-8") if self._output.exists() else ""

    def kill(self) -> int:
        """SIGKILL, and its exit status: -9 unless it had ended by itself."""
        os.kill(self.pid, signal.SIGKILL)
        return self.wait()

    def wait(self) -> int:
        """Its exit status."""
        return self._server.ask({"wait": self.pid})


class ForkServer:
    """A process that has imported the program, and forks itself on request; a context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()

    def start(self, folder: Path, environment: Mapping[str, str], *arguments: str) -> Forked:
        """Starts a command in ``folder``; not yet waited for, it stays a zombie after its end."""
        output = folder / "output.txt"
        order = {
            "folder": str(folder),
            "environment": dict(environment),
            "output": str(output),
            "arguments": list(arguments),
        }
        return Forked(self, self.ask(order), output)

    def ask(self, order: Mapping[str, Any]) -> int:
        """One order, and the number that answers it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())
