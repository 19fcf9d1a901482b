from django.apps import AppConfig


class OpinionsConfig(AppConfig):
    """What the assembly answers (avis): written together, amended, voted, handed over."""

    name = "opinions"
    verbose_name = "Avis"
