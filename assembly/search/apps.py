from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SearchConfig(AppConfig):
    """Registry of what can be found, filled by each app's `search.py`, including this app's own."""

    name = "assembly.search"
    label = "search"

    def ready(self) -> None:
        from assembly.audit.registry import add_namer  # noqa: PLC0415 -- models are ready only now
        from assembly.search.naming import index_names  # noqa: PLC0415 -- models are ready only now

        add_namer(index_names)
        autodiscover_modules("search")
