"""Several web processes without a channel that they share do not start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from assembly.config.asgi import check_channel_layer

MEMORY = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}


@pytest.mark.parametrize("layers", [{}, MEMORY])
@pytest.mark.parametrize("workers", ["", "1", "2"])
def test_deaf_siblings_do_not_start(settings, monkeypatch, layers, workers):
    settings.CHANNEL_LAYERS = layers
    monkeypatch.setenv("WEB_CONCURRENCY", workers)
    if workers == "2":
        with pytest.raises(ImproperlyConfigured):
            check_channel_layer()
    else:
        assert check_channel_layer() is None


def test_redis_lets_them_speak(monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    assert check_channel_layer() is None
