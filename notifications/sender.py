"""The worker's sender: woken by the timer thread, a few messages at a time, without asking the broker."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import Error, connection

from core.crashes import described
from core.registry import Registry
from notifications.resolving import resolve_queued
from notifications.sending import Claim, claim, deliver

logger = logging.getLogger(__name__)

LOOK_SECONDS = 5.0  # a retry falls due without a notification
AT_ONCE = 3


class Sender:
    """Sends what waits from threads of its own; any number of workers may have one."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._woken, self._stopping = threading.Event(), threading.Event()
        self._free = threading.Semaphore(AT_ONCE)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sigap-sender")
        self._thread = threading.Thread(target=self._run, name="sigap-sender", daemon=True)

    def start(self) -> None:
        """Start looking."""
        self._thread.start()

    def wake(self) -> None:
        """Say that something was queued; from any thread, costs nothing."""
        self._woken.set()

    def stop(self, timeout_seconds: float = 5.0) -> None:
        """Take nothing more; what is on its way and isn't written down is sent again by another worker."""
        self._stopping.set()
        self._woken.set()
        self._thread.join(timeout_seconds)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._woken.wait(LOOK_SECONDS)
            self._woken.clear()
            try:
                self._send_all()
            except (Error, psycopg.Error) as error:
                logger.warning("sender_without_database", extra={"error": described(error)})
            except Exception:  # the sender must outlive whatever is wrong
                logger.exception("sender_failed")
            finally:
                connection.close()

    def _send_all(self) -> None:
        while not self._stopping.is_set():
            resolved = resolve_queued(self._registry)
            free = self._take_free_threads()  # claimed only when a thread is free: a lease should not pass in a queue
            claims: list[Claim] = []
            try:
                claims = claim(free)
            finally:
                for _ in range(free - len(claims)):
                    self._free.release()
            for claimed in claims:
                try:
                    self._pool.submit(self._deliver, claimed)
                except RuntimeError:  # shut down meanwhile: the lease ends and another sends it
                    self._free.release()
            if not claims and not resolved:
                return

    def _take_free_threads(self) -> int:
        """Wait for a free thread and take all that are free; returns how many."""
        self._free.acquire()
        taken = 1
        while self._free.acquire(blocking=False):
            taken += 1
        return taken

    def _deliver(self, claimed: Claim) -> None:
        try:
            deliver(self._registry, claimed)
        except (Error, psycopg.Error) as error:
            logger.warning("sender_without_database", extra={"error": described(error)})
        except Exception:
            logger.exception("sender_failed")
        finally:
            connection.close()
            self._free.release()
