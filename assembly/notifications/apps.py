from django.apps import AppConfig

from assembly.web.discovery import import_modules


class NotificationsConfig(AppConfig):
    name = "assembly.notifications"
    label = "notifications"

    def ready(self) -> None:
        from assembly.audit.registry import add_namer  # noqa: PLC0415 -- models are ready only now
        from assembly.notifications import audit_events, queries  # noqa: F401, PLC0415 -- models are ready only now

        import_modules("notifications")
        add_namer(queries.named_distributions)
