"""The cookies of production. What every answer carries is judged with each cell of the matrix (headers.py)."""

import os
import subprocess
import sys


def run_in_production(code, **given):
    """Run `code` with the settings of production as `s`."""
    code = f"from django.conf import settings as s; import django; django.setup();{code}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSEMBLY_")} | {
        "DJANGO_SETTINGS_MODULE": "assembly.config.settings",
        "SITE_URL": "https://assemblee.example.org",
        "SECRET_KEY": "x" * 60,
        "DATA_DIR": "/tmp/none",
        "SMTP_URL": "smtp://localhost",
        "DEFAULT_FROM_EMAIL": "a@example.org",
        "MAIL_WEBHOOK_SECRET": "a:b",
        "ALLOWED_HOSTS": "assemblee.example.org",
        **given,
    }
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_cookies_of_production_are_bound_to_the_host():
    """`__Host-` cookies need Secure, no Domain and the path `/` (ASVS 3.3.1-3.3.4)."""
    run_in_production(
        "assert s.SESSION_COOKIE_NAME.startswith('__Host-') and s.CSRF_COOKIE_NAME.startswith('__Host-');"
        "assert s.DEVICE_COOKIE_NAME.startswith('__Host-');"
        "assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE;"
        "assert s.SESSION_COOKIE_HTTPONLY and s.CSRF_COOKIE_HTTPONLY;"
        "assert s.SESSION_COOKIE_DOMAIN is None and s.SESSION_COOKIE_PATH == '/';"
        "assert s.SECURE_HSTS_SECONDS >= 31536000 and s.SECURE_SSL_REDIRECT"
    )


def test_only_the_domain_s_owner_asks_for_a_place_in_the_browsers_own_lists():
    """HSTS preload binds a whole domain for months: no default decides it."""
    run_in_production("assert s.SECURE_HSTS_PRELOAD is False")
    run_in_production("assert s.SECURE_HSTS_PRELOAD is True", HSTS_PRELOAD="1")


def test_codes_have_five_seconds_for_the_whole_conversation_whatever_the_address_says():
    run_in_production(
        "options = s.MAILERS['default']['OPTIONS'];"
        "assert (options['timeout'], options['conversation_seconds']) == (5, 5), options;"
        "options = s.MAILERS['bulk']['OPTIONS'];"
        "assert (options['timeout'], options['conversation_seconds']) == (60, None), options",
        SMTP_URL="smtp://relay.example.org/?timeout=60",
    )
