"""Limits of an outgoing request, addresses that may be requested, and IP addresses that may answer."""

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

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


MAX_LENGTH = 2000
PORTS = {"http": 80, "https": 443}
ODD = re.compile(r"[\x00-\x20\x7f-\x9f\\\ud800-\udfff]")
# `is_global` does not exclude these: relays and tunnels to other networks (6to4, Teredo), documentation examples.
DISGUISES = [ipaddress.ip_network(net) for net in ("192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")]
UNICAST = ipaddress.ip_network("2000::/3")  # outside: loopback, mapped, NAT64, private, link and site local

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], list[str]]


@dataclass(frozen=True)
class Target:
    """Parts of an address, parsed once: the parts that were checked are those that are requested."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"


def parse_address(address: str, policy: Policy) -> Target:
    """Parse an http or https address without credentials, on an allowed port; raise FeedRefused otherwise."""
    if ODD.search(address) or len(address) > MAX_LENGTH:
        raise FeedRefused("address")
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):  # a port that is not a number, an unclosed bracket, an invalid name
        raise FeedRefused("address") from None
    if parts.scheme not in PORTS or not host or "%" in host:
        raise FeedRefused("address")
    if parts.username is not None or parts.password is not None:
        raise FeedRefused("credentials")
    port = PORTS[parts.scheme] if port is None else port
    if port not in policy.ports:
        raise FeedRefused("port")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/?%:@!$&'()*+,;=~-._")
    return Target(parts.scheme, host, port, f"{path}?{query}" if query else path)


def is_public(ip: IP) -> bool:
    """Return whether this is an address of the public internet that does not embed or relay to another one."""
    if isinstance(ip, ipaddress.IPv6Address) and ip not in UNICAST:
        return False
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in DISGUISES)


def resolve_host(host: str, port: int) -> list[str]:
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FeedRefused("unknown_host") from None
    return [str(entry[4][0]) for entry in entries]


def connection_ip(target: Target, policy: Policy, resolve: Resolver = resolve_host) -> str:
    """Return the IP to connect to: resolve the name once, raise FeedRefused if one answer is not public."""
    answers = [ipaddress.ip_address(answer) for answer in resolve(target.host, target.port)]
    allowed = [ipaddress.ip_network(network) for network in policy.networks]
    if not answers:
        raise FeedRefused("unknown_host")
    if not all(is_public(ip) or any(ip in network for network in allowed) for ip in answers):
        raise FeedRefused("private")
    return str(answers[0])
