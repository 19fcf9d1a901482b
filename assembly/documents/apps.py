from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "assembly.documents"
    label = "documents"

    def ready(self) -> None:
        from assembly.documents import audit_events, registry  # noqa: F401, PLC0415 -- models are ready only now

        registry.discover()
