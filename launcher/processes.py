"""Children of a launcher process: started so that they die with it, restarted when they die before it."""

import ctypes
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from launcher.connection import BASE_DIR
from launcher.console_output import Say, words

PR_SET_PDEATHSIG = 1
FIRST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 5.0
# A child that lived this long starts its next life without a penalty.
SOUND_AFTER_SECONDS = 10.0
HOPELESS_AFTER = 3
GRACE_SECONDS = 3.0
LOG_BYTES = 10_000_000
# The log and its older parts: `.1` is the newest of these.
LOG_PARTS = 4
# So often the sizes are looked at.
LOOK_SECONDS = 2.0

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """What to run: `log` takes its output, `orphan_signal` reaches it when the launcher is killed.

    `after_seconds`: how long its first start waits. `again_seconds`: for one that ends by itself and is started again
    later, how long the next start waits.
    """

    name: str
    command: tuple[str, ...]
    log: Path
    environ: Mapping[str, str]
    cwd: Path = BASE_DIR
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    pass_fds: tuple[int, ...] = ()
    account: tuple[int, int] | None = None
    after_seconds: float = 0.0
    again_seconds: Callable[[], float] | None = None


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    short_lives: int = 0
    deaths: int = 0


def bound_to_this_process(orphan_signal: signal.Signals) -> Callable[[], None]:
    """Return what a child calls before it becomes its program, so that our death sends it the signal.

    Linux alone can do that; it counts the death of the very thread that started the child.
    """
    parent = os.getpid()

    def bind() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(orphan_signal), 0, 0, 0)
            if os.getppid() != parent:  # it died before the line above: nobody would end us
                os.kill(os.getpid(), orphan_signal)

    return bind


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own, bound to this process's life. Raises OSError when it can't be."""
    shorten(program.log)
    uid, gid = program.account or (None, None)
    with program.log.open("ab") as log:
        return subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=program.cwd,
            env=dict(program.environ),
            pass_fds=program.pass_fds,
            start_new_session=True,
            preexec_fn=bound_to_this_process(program.orphan_signal),  # noqa: PLW1509 - launchers start from one thread
            user=uid,
            group=gid,
            extra_groups=None if uid is None else (),
        )


def shorten(log: Path) -> None:
    """Keep a log within bounds: past 10 MB its end moves to `.1`, `.1` to `.2` and so on; the oldest part is removed.

    The open file goes on from zero: its writers append. On a full disk all stays as it is.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if not log.exists() or log.stat().st_size <= LOG_BYTES:
        return
    parts = [log.with_name(f"{log.name}.{number}") for number in range(1, LOG_PARTS + 1)]
    copy = log.with_name(f"{log.name}.partial")
    try:
        with log.open("rb") as file:
            file.seek(-LOG_BYTES, os.SEEK_END)
            copy.write_bytes(file.read())
    except OSError:
        copy.unlink(missing_ok=True)
        return
    for newer, older in reversed(list(pairwise(parts))):
        if newer.exists():
            newer.replace(older)
    copy.rename(parts[0])
    os.truncate(log, 0)


class Supervisor:
    """Runs programs until it is stopped, by signal or by `stop()`; each that dies is started again with back-off."""

    def __init__(
        self,
        programs: list[Program],
        *,
        say: Say,
        changed: Callable[[dict[str, int]], None],
        own_logs: Sequence[Path] = (),
    ) -> None:
        begun = time.monotonic()
        self._children = [_Child(program, due_at=begun + program.after_seconds) for program in programs]
        self._say, self._changed = say, changed
        self._logs = [*(program.log for program in programs), *own_logs]
        self._stopping = self._listening = False
        self._selector = selectors.DefaultSelector()
        self._hear, self._ring = socket.socketpair()
        for end in (self._hear, self._ring):
            end.settimeout(0)
        self._selector.register(self._hear, selectors.EVENT_READ, self._drain)

    def listen_to_signals(self) -> None:
        """Let SIGTERM, SIGINT and SIGHUP end the run, and wake it when a child dies."""
        self._listening = True
        signal.set_wakeup_fd(self._ring.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop())
        signal.signal(signal.SIGCHLD, lambda *_: None)

    @property
    def stopping(self) -> bool:
        """Say whether the end was asked for."""
        return self._stopping

    def stop(self) -> None:
        """Ask for the end; may be called from any thread."""
        self._stop()
        with suppress(OSError):  # the buffer is full, so it will wake anyhow; or it has ended already
            self._ring.send(b"!")

    def watch(self, descriptor: int, gone: Callable[[], None]) -> None:
        """Call `gone` once when the descriptor (of a process that is no child of ours) becomes readable."""

        def once() -> None:
            self._selector.unregister(descriptor)
            gone()

        self._selector.register(descriptor, selectors.EVENT_READ, once)

    def start(self) -> None:
        """Start all that isn't running and is due."""
        now = time.monotonic()
        started = False
        for child in self._children:
            if child.process is None and child.due_at <= now and not self._stopping:
                child.started_at, started = now, True
                try:
                    child.process = start(child.program)
                except OSError as error:  # no memory, no process left, a disk error: it may pass
                    child.due_at = now + LONGEST_DELAY_SECONDS
                    self._say(f"{child.program.name}: {error}")
        if started:
            self._changed(self.pids())

    @property
    def programs(self) -> list[Program]:
        """What is supervised, in the order given."""
        return [child.program for child in self._children]

    def pids(self) -> dict[str, int]:
        """Return the process ids of what runs, by name."""
        return {child.program.name: child.process.pid for child in self._children if child.process}

    def failing(self) -> Program | None:
        """Return a program that has died several times since the start, so that waiting for it is in vain."""
        return next((child.program for child in self._children if child.deaths >= HOPELESS_AFTER), None)

    def turn(self, longest_seconds: float | None = None) -> None:
        """Wait for the next thing to do, at most so long, and do it."""
        due = [child.due_at for child in self._children if child.process is None]
        timeout = max(0.0, min(due) - time.monotonic()) if due else 600.0
        for key, _ in self._selector.select(timeout if longest_seconds is None else min(timeout, longest_seconds)):
            key.data()
        self._reap()
        self.start()

    def run(self) -> None:
        """Keep all running until the end is asked for, then end all."""
        while not self._stopping:
            self.turn(LOOK_SECONDS)
            for log in self._logs:
                with suppress(OSError):
                    shorten(log)
        self.end()

    def end(self) -> None:
        """End all children: each gets its own signal, and after three seconds SIGKILL. The supervisor is done then."""
        self._stopping = True
        running = [(child.process, child.program) for child in self._children if child.process]
        for process, program in running:
            process.send_signal(program.stop_signal)
        deadline = time.monotonic() + GRACE_SECONDS
        for process, _ in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for child in self._children:
            child.process = None
        if self._ring.fileno() >= 0:
            if self._listening:
                signal.set_wakeup_fd(-1)
            self._selector.close()
            self._hear.close()
            self._ring.close()

    def _stop(self) -> None:
        self._stopping = True

    def _drain(self) -> None:
        with suppress(BlockingIOError):
            while self._hear.recv(4096):
                pass

    def _reap(self) -> None:
        for child in self._children:
            if child.process is None or (code := child.process.poll()) is None:
                continue
            now = time.monotonic()
            child.process = None
            if child.program.again_seconds is not None:
                child.due_at = now + child.program.again_seconds()
                if code != 0 and not self._stopping:
                    self._say(_failed(child.program))
                continue
            child.deaths += 1
            child.short_lives = child.short_lives + 1 if now - child.started_at < SOUND_AFTER_SECONDS else 0
            delay = min(FIRST_DELAY_SECONDS * 2 ** max(0, child.short_lives - 1), LONGEST_DELAY_SECONDS)
            child.due_at = now + delay
            if not self._stopping:
                self._say(_obituary(child.program, code, delay))


def _failed(program: Program) -> str:
    return words(f"{program.name} failed: see {program.log}", f"{program.name} gagal: lihat {program.log}")


def _obituary(program: Program, code: int, delay: float) -> str:
    how = signal.Signals(-code).name if code < 0 else words(f"exit code {code}", f"kode keluar {code}")
    return words(
        f"{program.name} ended ({how}); starting it again in {delay:.1f} s, see {program.log}",
        f"{program.name} berhenti ({how}); dijalankan lagi dalam {delay:.1f} d, lihat {program.log}",
    )
