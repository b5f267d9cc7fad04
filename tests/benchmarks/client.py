"""A bounded client: a fixed number of requests over kept connections, to this machine only."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks.processes import cpu_seconds

MOST_REQUESTS, MOST_CLIENTS, MOST_SECONDS = 50_000, 16, 6.0


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: path, headers, and a body where there is one."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of requests took; times in milliseconds, `cpu` of the server and the database."""

    times: Sequence[float]
    seconds: float
    cpu: float
    size: int

    @property
    def median(self) -> float:
        """The time of the request in the middle."""
        return median(self.times)

    @property
    def p95(self) -> float:
        """The time within which 95 of 100 requests were answered."""
        return percentile(self.times, 0.95)

    @property
    def rate(self) -> float:
        """Requests answered a second."""
        return len(self.times) / self.seconds


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, int(share * len(ordered) + 0.5) - 1))]


def send(
    port: int,
    requests: Callable[[int], Request],
    count: int,
    *,
    clients: int = 1,
    watch: Sequence[int] = (),
    warm: int = 6,
) -> Load:
    """Send requests, numbered from 0, from some clients at once; a refusal stops the run."""
    for number in range(warm):
        fetch(port, requests(-1 - number))
    crowd = _Crowd(port, requests, min(count, MOST_REQUESTS))
    used, began = cpu_seconds(watch), time.perf_counter()
    threads = [threading.Thread(target=crowd.work) for _ in range(min(clients, MOST_CLIENTS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if crowd.failures:
        raise crowd.failures[0]
    cpu = (cpu_seconds(watch) - used) * 1000 / len(crowd.times)
    return Load(crowd.times, seconds, cpu, sum(crowd.sizes) // len(crowd.sizes))


class _Crowd:
    """Clients that share the numbers of the requests still to be sent."""

    def __init__(self, port: int, requests: Callable[[int], Request], count: int) -> None:
        self._port, self._requests = port, requests
        self._numbers = iter(range(count))
        self._lock = threading.Lock()
        self._stop = time.monotonic() + MOST_SECONDS
        self.times: list[float] = []
        self.sizes: list[int] = []
        self.failures: list[BaseException] = []

    def _next(self) -> Request | None:
        with self._lock:
            number = next(self._numbers, None)
            is_over = number is None or self.failures or time.monotonic() > self._stop
            return None if is_over or number is None else self._requests(number)

    def work(self) -> None:
        """Send requests over one connection until none is left."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            while (request := self._next()) is not None:
                began = time.perf_counter()
                body = _answer(connection, request)
                self.times.append((time.perf_counter() - began) * 1000)
                self.sizes.append(len(body))
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits
            self.failures.append(error)
        finally:
            connection.close()


def fetch(port: int, request: Request) -> bytes:
    """Send one request and return what came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    answer = _answer(connection, request)
    connection.close()
    return answer


def _answer(connection: http.client.HTTPConnection, request: Request) -> bytes:
    connection.request(request.method, request.path, request.body, request.headers)
    response = connection.getresponse()
    body = response.read()
    if response.status >= 300:
        raise RuntimeError(f"{request.path}: {response.status} {body[:300]!r}")
    return body
