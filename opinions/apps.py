from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    """Opinions (avis) of the assembly: written together, amended, voted, handed over."""

    name = "opinions"
    verbose_name = "Avis"
