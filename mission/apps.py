from django.apps import AppConfig

from mission.parts import import_parts


class MissionConfig(AppConfig):
    """What carries the assembly (indicateurs, ressources, subventions, partenaires, veille, appui)."""

    name = "mission"
    verbose_name = "Mission"

    def ready(self) -> None:
        """Registers declare themselves: menus, lines and search sources are made of what they say."""
        import_parts("register")
        import_parts("agenda_subjects")
        import_parts("receivers")
        import_parts("indicators")
        from mission.indicators import manual  # noqa: F401, PLC0415 -- models are ready only now
