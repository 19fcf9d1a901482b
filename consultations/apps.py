from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """What the assembly is asked (saisines) and what the directorates say of it."""

    name = "consultations"
    verbose_name = "Saisines"

    def ready(self) -> None:
        from consultations import (  # noqa: F401, PLC0415 -- models are ready only now
            agenda_subjects,
            briefing_portal,
            desk_portal,
            own_portal,
            receivers,
            verbs,
        )
