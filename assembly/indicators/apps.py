from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Registry of what is counted, filled by the `contributions` of apps."""

    name = "assembly.indicators"
    label = "indicators"
