"""Settings that differ in tests. The engines' addresses come from tests/services.py."""

import os
from pathlib import Path

from assembly.config import env

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
HOME = Path(os.environ.get("ASSEMBLY_TEST_HOME", Path(__file__).resolve().parents[2] / ".local" / "test"))
os.environ.setdefault("ASSEMBLY_LOCAL", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests-not-a-secret-0123456789-abcdefghijklmnop")
os.environ.setdefault("DATABASE_URL", "postgres://assemblee@/assemblee")
os.environ["REDIS_URL"] = env.redis_database(
    os.environ.get("REDIS_URL", "redis://localhost"), 0 if WORKER == "main" else int(WORKER.removeprefix("gw")) + 1
)
os.environ["DATA_DIR"] = str(HOME / f"files-{WORKER}")

from assembly.config.settings import *  # noqa: E402, F403 -- a thin layer over the one settings file
from assembly.config.settings import CACHES, CHANNEL_LAYERS, DATABASES, TEMPLATES  # noqa: E402 -- see above

STRICT_FETCH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["OPTIONS"].pop("pool", None)
CACHES["default"]["KEY_PREFIX"] = f"test-{WORKER}"
CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"test-{WORKER}"


class Undefined(str):
    """Output of an undefined variable: refused by the strict client, empty for `{% if %}` and `|default:`."""

    __slots__ = ()
    __bool__ = lambda self: False  # noqa: E731 -- shorter than its def


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined("!UNDEFINED!")
