"""A demonstration is refused outside a developer's machine."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from assembly.identity.checks import demo_is_local
from assembly.identity.middleware import AccountStandingMiddleware


def test_production_refuses_the_demonstration(settings):
    settings.DEMO, settings.LOCAL = True, False
    assert [error.id for error in demo_is_local()] == ["identity.E001"]
    with pytest.raises(ImproperlyConfigured):
        AccountStandingMiddleware(lambda request: None)
    settings.LOCAL = True
    assert demo_is_local() == []
