from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "assembly.documents"
    label = "documents"
