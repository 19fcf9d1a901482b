from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """The referrals of the assembly (saisines) and the answers of the directorates to them."""

    name = "consultations"
    verbose_name = "Saisines"
