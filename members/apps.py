from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "members"
    label = "members"
    verbose_name = "Membres"

    def ready(self) -> None:
        from members import verbs  # noqa: F401, PLC0415 -- declares the journal's verbs
