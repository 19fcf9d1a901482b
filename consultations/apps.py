from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """What the assembly is asked (saisines) and what the directorates say of it."""

    name = "consultations"
    verbose_name = "Saisines"

    def ready(self) -> None:
        from consultations import agenda_subjects, receivers, verbs  # noqa: F401, PLC0415 -- models are ready only now
        from consultations.portal import directorates  # noqa: F401, PLC0415 -- the same
        from consultations.workflows import ballots  # noqa: F401, PLC0415 -- it guards a step of the app below
