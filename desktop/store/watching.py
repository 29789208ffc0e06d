"""The watchdog of a connection: a server that is silent too long is let go, whatever its sockets acknowledge.

Neither keepalives nor ``statement_timeout`` nor ``tcp_user_timeout`` free a call whose peer acknowledges and never
answers. Bytes are measured, not time: a hundred megabytes over a slow line may take as long as they move. The
socket is shut down, so that nothing else waits at it; the error is what a lost connection gives.
"""

import contextlib
import os
import socket
import sys
import time
from collections.abc import Callable, Generator
from typing import Any

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Engine, event

_LOOK_EVERY = 0.1  # seconds


class WatchedConnection(psycopg.Connection[Any]):
    """A connection whose every wait ends ``silence`` seconds after the last byte; None waits for ever."""

    silence: float | None = None

    def wait(self, gen: PQGen[Any], interval: float = _LOOK_EVERY, timeout: float | None = None) -> Any:
        """Consume a generator of psycopg's; OperationalError when the server is silent for too long."""
        if self.silence is None:
            return super().wait(gen, interval, timeout)
        handle = self.pgconn.socket
        try:
            return super().wait(_watched(gen, self.silence, handle), interval, timeout)
        except _Silent as silent:
            shut(handle)
            self.pgconn.finish()
            raise psycopg.OperationalError(str(silent)) from None


class _Silent(Exception):
    pass


def watch(engine: Engine, silence: float | None) -> None:
    """Let every connection of ``engine`` be a watched one."""

    def connect(_dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]) -> Any:
        made = WatchedConnection.connect(*arguments, **options)
        made.silence = silence
        return made

    event.listen(engine, "do_connect", connect)


def _watched(gen: PQGen[Any], silence: float, handle: int) -> Generator[Any, Any, Any]:
    """Pass on what the generator wants and gets, and look at the clock whenever nothing came."""
    try:
        wanted = next(gen)
        heard, queued = time.monotonic(), unsent(handle)
        while True:
            ready = yield wanted
            now = time.monotonic()
            if ready:
                heard = now
            elif (left := unsent(handle)) != queued:  # the peer has taken some of what was sent
                heard, queued = now, left
            elif now - heard > silence:
                raise _Silent(f"the server has been silent for {silence:g} s; the connection was given up")
            wanted = gen.send(ready)
    except StopIteration as end:
        return end.value


def shut(handle: int) -> None:
    """Shut a connection's socket down in both directions; its owner still closes it."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            # a SOCKET is no file descriptor: it is borrowed and handed back (written, not tried on Windows)
            borrowed = socket.socket(fileno=handle)
            try:
                borrowed.shutdown(socket.SHUT_RDWR)
            finally:
                borrowed.detach()
        else:
            with socket.socket(fileno=os.dup(handle)) as own:
                own.shutdown(socket.SHUT_RDWR)


def _no_queue(_handle: int) -> int:
    return 0


def _linux_queue(handle: int) -> int:
    import fcntl
    import struct
    import termios

    try:
        told = fcntl.ioctl(handle, termios.TIOCOUTQ, b"\0\0\0\0")
    except OSError:
        return 0
    return int(struct.unpack("i", told)[0])


# bytes sent that the peer has not acknowledged yet; 0 where the system does not tell
unsent: Callable[[int], int] = _linux_queue if sys.platform == "linux" else _no_queue
