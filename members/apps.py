from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    label = "members"
    verbose_name = "Membres"

    def ready(self) -> None:
        from members import audit_events, role_guards  # noqa: F401, PLC0415 -- importing them registers their content
