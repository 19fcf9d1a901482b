from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "assembly.notifications"
    label = "notifications"

    def ready(self) -> None:
        from assembly.audit.registry import register_namer  # noqa: PLC0415 -- models are ready only now
        from assembly.notifications import audit_events, queries, receivers, registry  # noqa: F401, PLC0415 -- models are ready only now

        registry.discover()
        register_namer(queries.named_distributions)
