from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "assembly.notifications"
    label = "notifications"

    def ready(self) -> None:
        from assembly.notifications import receivers, registry, verbs  # noqa: F401, PLC0415 -- models are ready only now

        registry.discover()
