from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    """Opinions (avis) of the assembly: written together, amended, voted, handed over."""

    name = "opinions"
    verbose_name = "Avis"

    def ready(self) -> None:
        import opinions.privacy.amendments  # noqa: F401, PLC0415 -- models are ready only now
