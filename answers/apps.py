from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """App of the council’s answers and of what becomes of them (réponses, suites)."""

    name = "answers"
    verbose_name = "Réponses"

    def ready(self) -> None:
        from answers import audit_events, desk_targets  # noqa: F401, PLC0415 -- models are ready only now
        from answers.naming import named_answers, named_follow_ups  # noqa: PLC0415 -- models are ready only now
        from assembly.audit.registry import add_namer  # noqa: PLC0415 -- models are ready only now

        add_namer(named_answers)
        add_namer(named_follow_ups)
