"""App of the developer's machine: engines and supervisor. No models; nothing here runs in production."""

from django.apps import AppConfig


class LocalConfig(AppConfig):
    name = "assembly.local"
