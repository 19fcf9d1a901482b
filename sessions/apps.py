from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Application of the sittings, with the label `sittings`, which nobody mistakes for login sessions."""

    name = "sessions"
    label = "sittings"
    verbose_name = "Séances"
