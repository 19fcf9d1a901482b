from django.apps import AppConfig


class CollabConfig(AppConfig):
    """Texts that several people write at once, with their versions, suggestions and threads."""

    name = "assembly.collab"
    verbose_name = "Textes écrits à plusieurs"
