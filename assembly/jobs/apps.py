from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "assembly.jobs"
    label = "jobs"

    def ready(self) -> None:
        from assembly.jobs import failures  # noqa: PLC0415 -- models are ready only now

        failures.listen()
