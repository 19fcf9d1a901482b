from django.apps import AppConfig

from mission.parts import import_parts


class MissionConfig(AppConfig):
    """App that supports the assembly (indicateurs, ressources, subventions, partenaires, veille, appui)."""

    name = "mission"
    verbose_name = "Mission"

    def ready(self) -> None:
        """Import the modules that fill registries; menus, lines and search sources are built from the registers."""
        import_parts("register")
        import_parts("agenda_topics")
        import_parts("indicators")
        from mission.indicators import manual  # noqa: F401, PLC0415 -- models are ready only now
