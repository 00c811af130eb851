"""What must be true of the wheel: it is complete, and it runs with nothing but the runtime dependencies.

``python -m tests.wheel`` builds it into ``dist``, installs it into a fresh environment and runs it there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
ASIDE = {"templates": "bot/templates", "manifest.yml": "bot/manifest.yml"}
"""What lies at the top of the checkout, and where the wheel has it."""

SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-nobody",
    "SLACK_APP_TOKEN": "xapp-nobody",
    "CODEX_API_KEY": "nobody",
    "CODEX_WORKSPACE_ID": "01234567-89ab-cdef-0123-456789abcdef",
}
IMPORT_ALL = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"


class WheelError(Exception):
    """The wheel is not what it should be; the message says in what."""


def main() -> int:
    """Build, look inside, install bare, run."""
    wheel = build_wheel(ROOT / "dist")
    if missing := missing_files(wheel):
        raise WheelError(f"{wheel.name} lacks {', '.join(missing)}")
    with tempfile.TemporaryDirectory(prefix="wheel-") as folder:
        python = install(wheel, Path(folder))
        for line in try_out(python, module_names(wheel), Path(folder)):
            sys.stdout.write(f"ok  {line}\n")
    sys.stdout.write(f"ok  {wheel.relative_to(ROOT)}\n")
    return 0


def build_wheel(folder: Path) -> Path:
    """The wheel of this checkout, in ``folder``, built by the hatchling that is installed here."""
    for old in folder.glob("*.whl"):
        old.unlink()
    run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)], ROOT
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def expected_files() -> set[str]:
    """Every file that the program needs, as the wheel names it."""
    inside = {path.relative_to(ROOT).as_posix() for path in (ROOT / "bot").rglob("*") if _is_kept(path)}
    for here, there in ASIDE.items():
        paths = [ROOT / here, *(ROOT / here).rglob("*")]
        inside |= {
            there + path.as_posix().removeprefix((ROOT / here).as_posix()) for path in paths if _is_kept(path)
        }
    return inside


def missing_files(wheel: Path) -> list[str]:
    """What is expected and not inside."""
    with zipfile.ZipFile(wheel) as archive:
        return sorted(expected_files().difference(archive.namelist()))


def module_names(wheel: Path) -> list[str]:
    """Every module inside, as it is imported."""
    with zipfile.ZipFile(wheel) as archive:
        files = [
            Path(name) for name in archive.namelist() if name.startswith("bot/") and name.endswith(".py")
        ]
    return sorted(".".join(file.with_suffix("").parts).removesuffix(".__init__") for file in files)


def install(wheel: Path, folder: Path) -> Path:
    """A fresh environment with the locked runtime dependencies and the wheel; its interpreter."""
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")], folder, os.environ)
    run([*pip, "--no-deps", str(wheel)], folder, os.environ)
    return python


def try_out(python: Path, modules: Sequence[str], folder: Path) -> Iterator[str]:
    """Run what is installed, away from the checkout; a line for each thing that works."""
    program = str(python.with_name("codex-usage-bot"))
    run([str(python), "-I", "-c", IMPORT_ALL, *modules], folder)
    yield f"{len(modules)} modules can be imported without the tools of development"
    for arguments, expected in (
        (["--help"], "COMMAND"),
        (["--version"], "codex-usage-bot "),
        (["ask", "--help"], "--as EMAIL"),
        (["ask", "--as", "nobody@example.com", "help"], "I do not know you yet"),
    ):
        said = run([program, *arguments], folder, SETTINGS)
        if expected not in said:
            raise WheelError(f"{' '.join(arguments)} did not say {expected!r} but: {said}")
        yield f"codex-usage-bot {' '.join(arguments)}"


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """What the command wrote, run with this environment alone. Raises `WheelError` with all of it where it failed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment or {},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise WheelError(f"{' '.join(command[:6])} … ended with status {done.returncode}:\n{done.stdout}")
    return done.stdout


def _is_kept(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except WheelError as error:
        raise SystemExit(str(error)) from None
