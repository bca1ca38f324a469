"""The linters of the whole repository: run by the controller beside the whole suite, else by their tests."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests import prepared_site

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
NODE_BIN = ROOT / "node_modules" / ".bin"
TEMPLATES = sorted(str(path) for path in (ROOT / "templates").rglob("*.html"))
# The one that takes longest begins first.
COMMANDS = {
    "mypy": ((str(BIN / "mypy"),),),
    "tsc": ((str(NODE_BIN / "tsc"), "--project", ".", "--pretty", "false"),),
    "ruff": ((str(BIN / "ruff"), "check", "."), (str(BIN / "ruff"), "format", "--check", ".")),
    "biome": ((str(NODE_BIN / "biome"), "check", "--error-on-warnings", "."),),
    "djade": ((str(BIN / "djade"), "--check", "--target-version", "5.2", *TEMPLATES),),
    "import-linter": ((str(BIN / "lint-imports"),),),
    "migrations": ((sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"),),
}
RUN_BESIDE = ("mypy", "tsc", "ruff", "biome", "djade", "import-linter")
# In the prepared folder of a run whose controller runs them.
MARK = "linters"
PATIENCE_SECONDS = 280.0


def _faults(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate()
    return (output or f"exit code {process.returncode}") if process.returncode else ""


def _start(command: tuple[str, ...]) -> subprocess.Popen[str]:
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def faults(name: str) -> str:
    """What a linter finds, empty when nothing: from the controller's run where there is one."""
    folder = prepared_site.folder
    if folder is None or name not in RUN_BESIDE or not (folder / MARK).exists():
        return "".join(_faults(_start(command)) for command in COMMANDS[name])
    file = folder / f"{name}.json"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not file.exists():
        if time.monotonic() > deadline:
            return f"{name} has not ended"
        time.sleep(0.2)
    found: str = json.loads(file.read_text(encoding="utf-8"))
    return found


@dataclass
class Beside:
    """The linters one after another in a thread of the controller; each result is a file in the prepared folder."""

    folder: Path
    process: subprocess.Popen[str] | None = None
    stopping: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin with the first."""
        (self.folder / MARK).touch()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End the one that runs and begin no other."""
        with self.lock:
            self.stopping = True
            if self.process is not None:
                self.process.kill()
        if self.thread is not None:
            self.thread.join()

    def _run(self) -> None:
        for name in RUN_BESIDE:
            found = ""
            for command in COMMANDS[name]:
                with self.lock:
                    if self.stopping:
                        return
                    self.process = _start(command)
                found += _faults(self.process)
            draft = self.folder / f"{name}.draft"
            draft.write_text(json.dumps(found), encoding="utf-8")
            draft.rename(self.folder / f"{name}.json")
