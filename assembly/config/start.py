"""Checks at the start of web servers and workers, which run no system checks themselves."""

from django.conf import settings
from django.core.checks import ERROR, run_checks


def refuse_wrong_settings() -> None:
    """Exit with the sentences of the production checks that need no database; do nothing in a developer's folder."""
    if settings.LOCAL:
        return
    messages = run_checks(tags=["production"], include_deployment_checks=True, databases=[])
    if wrong := [message.msg for message in messages if message.level >= ERROR]:
        raise SystemExit("\n".join(wrong))
