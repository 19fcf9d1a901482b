"""No command, web process or clock loads the press and the seal: only who prints or seals pays for them."""

import subprocess
import sys

from django.conf import settings

HEAVY = {
    "weasyprint",
    "pydyf",
    "pyhanko",
    "pyhanko_certvalidator",
    "fontTools",
    "pikepdf",
    "pypdfium2",
    "pkcs11",
    "openpyxl",
}
START = """
import sys
from importlib import import_module
import django
django.setup()
from django.conf import settings
import_module(settings.ROOT_URLCONF)
import_module("assembly.config.asgi")
from celery import current_app
current_app.loader.import_default_modules()
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_no_start_loads_what_only_workers_use():
    done = subprocess.run(
        [sys.executable, "-c", START], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "sessions" in loaded
    assert loaded & HEAVY == set()
