from django.apps import AppConfig


class DrawsConfig(AppConfig):
    """Configuration of `draws`: the call for volunteers, their pool, the draw (tirage au sort)."""

    name = "draws"
    verbose_name = "Tirage au sort"

    def ready(self) -> None:
        from draws import audit_events, import_candidates  # noqa: F401, PLC0415 -- models are ready only here
