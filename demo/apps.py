from django.apps import AppConfig


class DemoConfig(AppConfig):
    """An assembly with fictitious people, created through the actions of the apps below."""

    name = "demo"
