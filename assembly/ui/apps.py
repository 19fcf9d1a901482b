from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "assembly.ui"
    label = "ui"
    verbose_name = "Écrans"
