from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Package `sessions`, label `sittings`: nobody confuses a sitting with a login session."""

    name = "sessions"
    label = "sittings"
    verbose_name = "Séances"

    def ready(self) -> None:
        from sessions import approval_subjects, receivers, verbs  # noqa: F401, PLC0415 -- models are ready only now
        from sessions.verbs import minutes  # noqa: F401, PLC0415 -- the same
        from sessions.workflows import action_items, ballots, sittings  # noqa: F401, PLC0415 -- they declare verbs too
        from sessions.workflows import minutes as minutes_steps  # noqa: F401, PLC0415 -- the same
