"""Ends what a program started and removes its state folder once the program has gone, however it went.

The program holds the other end of a pipe that is this process's standard input. Run as
`python -m launcher.leftovers STATE`; each line names a process group. Where the pipe ends, the groups are killed.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from launcher import connection
from launcher.locks import is_held

PATIENCE_SECONDS = 30.0
LOOK_SECONDS = 0.1


@contextmanager
def ended_with_this_process(state: Path) -> Iterator[Callable[[int], None]]:
    """End process groups, given to what is yielded, when the block or this process ends; then remove the folder.

    The servers and the `up` of the folder end by themselves: the folder is removed when they have.
    """
    watcher = subprocess.Popen(
        (sys.executable, "-P", "-m", "launcher.leftovers", str(state)),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        bufsize=1,
        env={**os.environ, "PYTHONPATH": str(connection.BASE_DIR)},
        cwd=connection.BASE_DIR,
        start_new_session=True,
    )
    assert watcher.stdin is not None  # noqa: S101 - it is a pipe

    def note(group: int) -> None:
        with suppress(BrokenPipeError):
            print(group, file=watcher.stdin, flush=True)

    try:
        yield note
    finally:
        watcher.stdin.close()


def main(state: Path) -> None:
    """Wait for the end of standard input, then end and remove."""
    groups = [int(line) for line in sys.stdin]
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(is_held(state / "run" / name) for name in ("up.lock", "guard.lock")) and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
    shutil.rmtree(state, ignore_errors=True)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    main(Path(sys.argv[1]))
