from django.apps import AppConfig


class MissionConfig(AppConfig):
    """App that supports the assembly (indicateurs, ressources, subventions, partenaires, veille, appui)."""

    name = "mission"
    verbose_name = "Mission"
