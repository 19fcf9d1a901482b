from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """What becomes of what the assembly said (réponses, suites)."""

    name = "answers"
    verbose_name = "Réponses"

    def ready(self) -> None:
        from answers import desk_subjects, receivers, verbs  # noqa: F401, PLC0415 -- models are ready only now
