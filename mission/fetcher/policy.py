"""Limits of an outgoing request, and the exception for a feed that was not read."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Policy:
    """Limits of one fetch, redirects included. The defaults are those of production; tests pass others."""

    agent: str = "Hemicycle"
    ports: tuple[int, ...] = (80, 443)
    networks: tuple[str, ...] = ()  # allowed although they are not public: the servers of tests
    authority: str = ""  # a PEM file of authorities trusted instead of the public ones
    total_seconds: float = 20
    idle_seconds: float = 5
    redirects: int = 5
    header_bytes: int = 64 * 1024
    body_bytes: int = 10 * MEGABYTE
    items: int = 200
    memory_bytes: int = 512 * MEGABYTE
    cpu_seconds: int = 10

    @property
    def wall_seconds(self) -> float:
        """Return the longest time a fetch occupies its worker: network, processor and process start."""
        return self.total_seconds + self.cpu_seconds + 5


CLOSED = Policy()


class FeedRefused(Exception):
    """Error for a feed that was not read; `code` is a key of `fetching.SENTENCES`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)
