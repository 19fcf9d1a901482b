from django.apps import AppConfig


class MissionConfig(AppConfig):
    """What carries the assembly (indicateurs, ressources, subventions, partenaires, veille, appui)."""

    name = "mission"
    verbose_name = "Mission"

    def ready(self) -> None:
        from mission.indicators import manual  # noqa: F401, PLC0415 -- models are ready only now
