"""A network that misbehaves on demand: a TCP proxy before a PostgreSQL server, which knows where COMMIT passes.

``with proxy.before(url) as network`` gives ``network.url``; what is done to the traffic is set on ``network`` while
it runs, from any thread. Two threads a connection carry the bytes; the server may listen on a Unix socket.
"""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import URL, make_url

PASS, BEFORE, AFTER, ANSWERED = "pass", "before", "after", "answered"
_COMMIT = b"COMMIT\x00"
_PIECE = 65536


@dataclass(eq=False)
class _Link:
    client: socket.socket
    server: socket.socket
    cut: bool = False  # nothing more goes to the client
    to_client: int = 0  # bytes
    carriers: int = 2  # the last one closes the sockets


@dataclass
class Network:
    """What may happen to the traffic.

    ``on_commit`` is asked at every COMMIT that passes: ``"pass"``; ``"before"`` cuts the connection before the server
    gets it; ``"after"`` cuts it as soon as the server has been sent it; ``"answered"`` once the server has answered.
    ``cut_after``: bytes towards the client after which a connection is cut. ``delay``: seconds each piece waits.
    """

    url: str
    on_commit: Callable[[], str] = lambda: PASS
    cut_after: int | None = None
    delay: float = 0.0
    commits: int = 0
    cuts: int = 0
    _flowing: threading.Event = field(default_factory=threading.Event)
    _links: set[_Link] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _refusing: bool = False
    _ended: threading.Event = field(default_factory=threading.Event)

    def stall(self) -> None:
        """Carry nothing any more in either direction; the sockets stay open and acknowledge."""
        self._flowing.clear()

    def flow(self) -> None:
        """Carry again what was held back."""
        self._flowing.set()

    def go_away(self) -> None:
        """Cut every connection and refuse new ones, as a server that was switched off."""
        self._refusing = True
        self.cut_all()

    def come_back(self) -> None:
        self._refusing = False

    def cut_all(self) -> None:
        """Cut the connections there are; new ones are carried."""
        with self._lock:
            links = list(self._links)
        for link in links:
            self._cut(link)

    @property
    def connections(self) -> int:
        """How many connections are carried now."""
        return len(self._links)

    def _cut(self, link: _Link) -> None:
        link.cut = True
        self.cuts += 1
        for end in (link.client, link.server):
            _end(end)

    def _serve(self, listening: socket.socket, server: Callable[[], socket.socket]) -> None:
        while not self._ended.is_set():
            try:
                client, _ = listening.accept()
            except OSError:
                return
            if self._refusing:
                client.close()
                continue
            try:
                link = _Link(client, server())
            except OSError:  # the server itself is away
                client.close()
                continue
            if client.family == socket.AF_INET:
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._links.add(link)
            for carry in (self._to_server, self._to_client):
                threading.Thread(target=self._carry, args=(carry, link), daemon=True).start()

    def _carry(self, carry: Callable[[_Link], None], link: _Link) -> None:
        with contextlib.suppress(OSError):
            carry(link)
        for end in (link.client, link.server):
            _end(end)
        with self._lock:
            link.carriers -= 1
            if not link.carriers:
                self._links.discard(link)
                link.client.close()
                link.server.close()

    def _wait(self) -> None:
        while not self._flowing.wait(0.5):
            if self._ended.is_set():
                raise OSError("the network is taken down")
        if self.delay:
            self._ended.wait(self.delay)

    def _to_server(self, link: _Link) -> None:
        while piece := link.client.recv(_PIECE):
            self._wait()
            if _COMMIT not in piece:
                link.server.sendall(piece)
                continue
            self.commits += 1
            what = self.on_commit()
            if what == BEFORE:
                self._cut(link)
                return
            link.cut = link.cut or what == ANSWERED  # the answer is awaited and swallowed
            link.server.sendall(piece)
            if what == AFTER:
                self._cut(link)  # what has reached the server is still done
                return

    def _to_client(self, link: _Link) -> None:
        while piece := link.server.recv(_PIECE):
            self._wait()
            if link.cut:
                self._cut(link)
                return
            limit = self.cut_after
            if limit is not None and link.to_client + len(piece) > limit:
                link.client.sendall(piece[: max(0, limit - link.to_client)])
                self._cut(link)
                return
            link.client.sendall(piece)
            link.to_client += len(piece)


@contextlib.contextmanager
def before(url: str) -> Iterator[Network]:
    """Yield a network before the server of ``url``; it is carried away at the end."""
    address = make_url(url)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        network = Network(_through(address, port))
        network.flow()
        serving = threading.Thread(target=network._serve, args=(listening, _server_of(address)), daemon=True)
        serving.start()
        try:
            yield network
        finally:
            network._ended.set()
            network._refusing = True
            _end(listening)
            network.cut_all()
            serving.join(10)


def _through(address: URL, port: int) -> str:
    query = {name: value for name, value in address.query.items() if name not in ("host", "port")}
    passed = address.set(host="127.0.0.1", port=port, query={**query, "sslmode": "disable"})
    return passed.render_as_string(hide_password=False)


def _server_of(address: URL) -> Callable[[], socket.socket]:
    host = str(address.query.get("host") or address.host or "127.0.0.1")
    port = int(str(address.query.get("port") or address.port or 5432))
    if not host.startswith("/"):
        return lambda: socket.create_connection((host, port), 5)

    def connect() -> socket.socket:
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            made.connect(str(Path(host) / f".s.PGSQL.{port}"))
        except OSError:
            made.close()
            raise
        return made

    return connect


def _end(one: socket.socket) -> None:
    """End a socket that another thread may be waiting at; it is closed by whoever lets go of it last."""
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
