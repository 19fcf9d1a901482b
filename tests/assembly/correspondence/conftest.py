"""The mailbox of a developer's machine, into which the senders deliver."""

import pytest


@pytest.fixture
def mailbox(settings) -> None:
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}
