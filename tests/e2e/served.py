"""The site with the pages of the tests, for a process of its own that a test may kill: everybody writes every text."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.config.settings_test")
settings.ROOT_URLCONF = "tests.e2e.coediting"

from assembly.config.asgi import application  # noqa: E402 -- the settings come first

__all__ = ["application"]

from assembly.collab import registry  # noqa: E402 -- models are ready only now
from assembly.collab.models import TextRight  # noqa: E402 -- the same
from tests.e2e.coediting import KIND  # noqa: E402 -- the same

registry.add_text_kind(
    KIND,
    rights=lambda texts, users: {(text.pk, user): TextRight.WRITE for text in texts for user in users},
    address=lambda text, user: f"/essai/{text.public_id}/",
)
