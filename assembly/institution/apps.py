from django.apps import AppConfig


class InstitutionConfig(AppConfig):
    name = "assembly.institution"
    label = "institution"
