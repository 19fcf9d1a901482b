from django.apps import AppConfig


class OpenDataConfig(AppConfig):
    name = "assembly.open_data"
    label = "open_data"
