from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Application of the sittings, with the label `sittings`, which nobody mistakes for login sessions."""

    name = "sessions"
    label = "sittings"
    verbose_name = "Séances"

    def ready(self) -> None:
        from sessions import approval_topics, audit_events  # noqa: F401, PLC0415 -- models are ready only now
        from sessions.audit_events import minutes  # noqa: F401, PLC0415 -- see above
        from sessions.workflows import action_items, ballots, sittings  # noqa: F401, PLC0415 -- they declare events too
        from sessions.workflows import minutes as minutes_steps  # noqa: F401, PLC0415 -- see above
