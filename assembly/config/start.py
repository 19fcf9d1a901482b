"""Web servers and workers run no system checks at their start: they ask here, and refuse in one sentence each."""

from django.conf import settings
from django.core.checks import ERROR, run_checks


def refuse_wrong_settings() -> None:
    """Exit with the sentences of the production checks that need no database; a developer's folder is left alone."""
    if settings.LOCAL:
        return
    found = run_checks(tags=["production"], include_deployment_checks=True, databases=[])
    if wrong := [message.msg for message in found if message.level >= ERROR]:
        raise SystemExit("\n".join(wrong))
