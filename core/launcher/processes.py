"""Children of a launcher process: started so that they die with it, restarted when they die before it."""

import ctypes
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.launcher.connection import BASE_DIR
from core.launcher.words import Say, words

PR_SET_PDEATHSIG = 1
FIRST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 5.0
# A child that lived this long starts its next life without a penalty.
SOUND_AFTER_SECONDS = 10.0
GRACE_SECONDS = 3.0
LOG_BYTES = 20_000_000

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """What to run: `log` takes its output, `orphan_signal` reaches it when the launcher is killed."""

    name: str
    command: tuple[str, ...]
    log: Path
    environ: Mapping[str, str]
    cwd: Path = BASE_DIR
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    pass_fds: tuple[int, ...] = ()
    account: tuple[int, int] | None = None


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    short_lives: int = field(default=0)


def start(program: Program) -> subprocess.Popen[bytes]:
    """Start the program in a session of its own, bound to this process's life (and to this very thread's).

    Raises OSError when it can't be executed.
    """
    parent = os.getpid()

    def bind_to_parent() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(program.orphan_signal), 0, 0, 0)
            if os.getppid() != parent:  # it died before the line above: nobody would tell us
                os.kill(os.getpid(), program.orphan_signal)

    shorten(program.log)
    uid, gid = program.account or (None, None)
    with program.log.open("ab") as log:
        return subprocess.Popen(
            program.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=program.cwd,
            env=dict(program.environ), pass_fds=program.pass_fds, start_new_session=True,
            preexec_fn=bind_to_parent,  # noqa: PLW1509 - launcher processes start children from one thread
            user=uid, group=gid, extra_groups=None if uid is None else (),
        )


def shorten(log: Path) -> None:
    """Keep a log within bounds: past 20 MB its content moves to `.1`, and the open file goes on from zero."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.with_suffix(".log.1").write_bytes(log.read_bytes()[-LOG_BYTES:])
        os.truncate(log, 0)


class Supervisor:
    """Runs programs until told to stop, by signal or by `stop()`; each that dies is started again with back-off."""

    def __init__(self, programs: list[Program], *, say: Say, changed: Callable[[dict[str, int]], None]) -> None:
        self._children = [_Child(program) for program in programs]
        self._say, self._changed = say, changed
        self._stopping = False
        self._selector = selectors.DefaultSelector()
        self._hear, self._ring = socket.socketpair()
        for end in (self._hear, self._ring):
            end.setblocking(False)
        self._selector.register(self._hear, selectors.EVENT_READ, self._drain)

    def listen_to_signals(self) -> None:
        """Let SIGTERM, SIGINT and SIGHUP end the run, and wake it when a child dies."""
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
        try:
            self._ring.send(b"!")
        except BlockingIOError:  # the buffer is full, so it will wake anyhow
            pass

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

    def pids(self) -> dict[str, int]:
        """Return the process ids of what runs, by name."""
        return {child.program.name: child.process.pid for child in self._children if child.process}

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
            self.turn()
            for child in self._children:
                shorten(child.program.log)
        self.end()

    def end(self) -> None:
        """End all children: each gets its own signal, and after three seconds SIGKILL."""
        self._stopping = True
        running = [child for child in self._children if child.process]
        for child in running:
            _send(child, child.program.stop_signal)
        deadline = time.monotonic() + GRACE_SECONDS
        for child in running:
            assert child.process
            try:
                child.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _send(child, signal.SIGKILL)
                child.process.wait()
            child.process = None

    def _stop(self) -> None:
        self._stopping = True

    def _drain(self) -> None:
        try:
            while self._hear.recv(4096):
                pass
        except BlockingIOError:
            pass

    def _reap(self) -> None:
        for child in self._children:
            if child.process is None or (code := child.process.poll()) is None:
                continue
            now = time.monotonic()
            child.process = None
            child.short_lives = child.short_lives + 1 if now - child.started_at < SOUND_AFTER_SECONDS else 0
            delay = min(FIRST_DELAY_SECONDS * 2 ** max(0, child.short_lives - 1), LONGEST_DELAY_SECONDS)
            child.due_at = now + delay
            if not self._stopping:
                self._say(_obituary(child.program, code, delay))


def _send(child: _Child, number: signal.Signals) -> None:
    if child.process is not None and child.process.poll() is None:
        child.process.send_signal(number)


def _obituary(program: Program, code: int, delay: float) -> str:
    how = signal.Signals(-code).name if code < 0 else words(f"exit code {code}", f"kode keluar {code}")
    return words(f"{program.name} ended ({how}); starting it again in {delay:.1f} s, see {program.log}",
                 f"{program.name} berhenti ({how}); dijalankan lagi dalam {delay:.1f} d, lihat {program.log}")
