"""Cache in Redis, or in the memory of this process while Redis does not answer, so that no request fails.

Rate limits then hold per process instead of for the whole site. That is a weaker limit, never none.
"""

import time
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

RETRY_SECONDS = 5.0


class OneClient(RedisCacheClient):
    """Django's client, without a new `Redis` object (and its table of 170 answers) for each call."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._clients_by_mode: dict[bool, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        if write not in self._clients_by_mode:
            self._clients_by_mode[write] = super().get_client(key, write=write)
        return self._clients_by_mode[write]


_clients: dict[tuple[str, ...], OneClient] = {}


class ForgivingRedisCache(RedisCache):
    """Redis cache that skips Redis for five seconds after a failure.

    A page calls it many times, and each wait would add up.
    """

    down_until = 0.0

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        own = {key: value for key, value in params.items() if key != "OPTIONS"}
        self.memory = LocMemCache("assembly-without-redis", own)

    @property
    def _cache(self) -> OneClient:
        """Return one client and its connections per process: under ASGI each request has its own cache object."""
        servers = tuple(self._servers)  # type: ignore[attr-defined]  # -- set by Django's class
        if servers not in _clients:
            _clients[servers] = OneClient(list(servers), **self._options)  # type: ignore[attr-defined]  # -- see above
        return _clients[servers]

    def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        cls = type(self)
        if time.monotonic() >= cls.down_until:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except (RedisError, OSError):
                cls.down_until = time.monotonic() + RETRY_SECONDS
        return getattr(self.memory, method)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._call("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._call("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._call("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._call("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return self._call("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return self._call("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._call("delete_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._call("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return self._call("incr", *args, **kwargs)

    def clear(self) -> None:
        self._call("clear")
