from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """App of the council’s answers and of what becomes of them (réponses, suites)."""

    name = "answers"
    verbose_name = "Réponses"
