from django.apps import AppConfig


class DrawsConfig(AppConfig):
    """Configuration of `draws`: the call for volunteers, their pool, the draw (tirage au sort)."""

    name = "draws"
    verbose_name = "Tirage au sort"
