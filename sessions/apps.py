from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Package `sessions`, label `sittings`: nobody confuses a sitting with a login session."""

    name = "sessions"
    label = "sittings"
    verbose_name = "Séances"

    def ready(self) -> None:
        from sessions import approval_subjects, receivers, verbs  # noqa: F401, PLC0415 -- models are ready only now
        from sessions.verbs import minutes  # noqa: F401, PLC0415 -- the same
        from sessions.workflows import sittings  # noqa: F401, PLC0415 -- steps declare their verbs
