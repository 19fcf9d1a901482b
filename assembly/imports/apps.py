from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Files that fill lists; each app adds its kinds of files in its `contributions`."""

    name = "assembly.imports"
    label = "imports"
