from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Registry of what can be found, filled by the `contributions` of apps, including this one."""

    name = "assembly.search"
    label = "search"
