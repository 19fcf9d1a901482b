from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Package `sessions`, label `sittings`: nobody confuses a sitting with a login session."""

    name = "sessions"
    label = "sittings"
    verbose_name = "Séances"

    def ready(self) -> None:
        from sessions import (  # noqa: F401, PLC0415 -- models are ready only now
            approval_subjects,
            minutes_verbs,
            receivers,
            verbs,
        )
        from sessions.workflows import (  # noqa: F401, PLC0415 -- they declare verbs of the journal
            action_items,
            ballots,
            minutes,
            sittings,
        )
