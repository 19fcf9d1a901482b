from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """The referrals of the assembly (saisines) and the answers of the directorates to them."""

    name = "consultations"
    verbose_name = "Saisines"

    def ready(self) -> None:
        from consultations import agenda_topics, audit_events  # noqa: F401, PLC0415 -- models are ready only now
        from consultations.portal import directorates  # noqa: F401, PLC0415 -- same reason
        from consultations.workflows import ballots  # noqa: F401, PLC0415 -- it guards a step of the app below
