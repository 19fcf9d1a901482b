from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class IndicatorsConfig(AppConfig):
    """Registry of what is counted, filled by each app's `indicators.py`."""

    name = "assembly.indicators"
    label = "indicators"

    def ready(self) -> None:
        autodiscover_modules("indicators")
