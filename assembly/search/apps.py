from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SearchConfig(AppConfig):
    """What can be found comes with each app's `search.py`, this app's own included."""

    name = "assembly.search"
    label = "search"

    def ready(self) -> None:
        from assembly.search import receivers  # noqa: F401, PLC0415 -- models are ready only now

        autodiscover_modules("search")
