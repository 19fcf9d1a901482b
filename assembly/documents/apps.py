from django.apps import AppConfig

from assembly.web.discovery import import_modules


class DocumentsConfig(AppConfig):
    name = "assembly.documents"
    label = "documents"

    def ready(self) -> None:
        from assembly.documents import audit_events  # noqa: F401, PLC0415 -- models are ready only now

        import_modules("documents")
