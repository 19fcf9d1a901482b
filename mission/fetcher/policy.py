"""What an outgoing request may do and may cost, and the one exception that says it did not."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Policy:
    """Bounds of one fetch, redirects included. The defaults are those of production; tests give others."""

    agent: str = "Hemicycle"
    ports: tuple[int, ...] = (80, 443)
    networks: tuple[str, ...] = ()  # allowed although they are not public: the servers of tests
    authority: str = ""  # a PEM file of authorities believed instead of the public ones
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
        """The most that a fetch holds its worker: the network’s time, the processor’s, and the start of a process."""
        return self.total_seconds + self.cpu_seconds + 5


CLOSED = Policy()


class FeedRefused(Exception):
    """A feed that was not read; `code` is a key of `fetching.SENTENCES`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)
