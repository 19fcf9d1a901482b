"""Checks that stop a wrong production start with one sentence: `manage.py check --deploy --database default`.

Web servers and workers run no checks by themselves: `assembly.config.start` runs those that need no database. Version
1.0.0 is the baseline of all upgrades: databases and backups made before it are refused.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.management.base import CommandError
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from assembly.audit import database_role

PRODUCTION = "production"
EXAMPLE = "replace-me"
FORMER_EXAMPLES = {"user:password", "letters-and-digits-only", "password-of-the-key-store"}


def _secrets() -> dict[str, str]:
    """Return the secrets of the settings, by their names in the environment."""
    return {
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": settings.DATABASES["default"]["PASSWORD"],
        "REDIS_URL": settings.REDIS_URL,
        "MAIL_WEBHOOK_SECRET": settings.ANYMAIL["WEBHOOK_SECRET"],
        "SEAL_P12_PASSWORD": settings.SEAL_P12_PASSWORD,
        "SEAL_PKCS11_PIN": settings.SEAL_PKCS11_PIN,
    }


@register(PRODUCTION, deploy=True)
def secrets_are_not_the_published_ones(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse the values of deploy/example.env, which are public."""
    return [
        Error(
            _("%(name)s a encore la valeur de l’exemple, que tout le monde connaît.") % {"name": name},
            id="portal.E001",
        )
        for name, value in _secrets().items()
        if EXAMPLE in value or value in FORMER_EXAMPLES
    ]


@register(PRODUCTION, deploy=True)
def webhook_has_a_secret(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a webhook without a secret, to which any client could report bounced mails."""
    user, _colon, password = settings.ANYMAIL["WEBHOOK_SECRET"].partition(":")
    if user and password:
        return []
    return [Error(_("MAIL_WEBHOOK_SECRET doit avoir la forme « utilisateur:mot de passe »."), id="portal.E002")]


@register(PRODUCTION, deploy=True)
def seal_can_be_opened(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Check that the key store opens. A token is not tried: refused PINs would lock it."""
    if not settings.SEAL_P12_FILE or settings.SEAL_PKCS11_MODULE:
        return []
    from assembly.documents.seal import backends  # noqa: PLC0415 -- the engine costs 0.7 s of every start
    from assembly.documents.seal.interface import SealUnavailable  # noqa: PLC0415 -- see above

    try:
        backends.Pkcs12Backend(Path(settings.SEAL_P12_FILE), settings.SEAL_P12_PASSWORD).open()
    except SealUnavailable as error:
        return [Error(str(error), id="portal.E003")]
    return []


@register(PRODUCTION, Tags.database, deploy=True)
def account_has_no_other_right(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Check that the application's account cannot rewrite the journal (`assembly.audit.database_role`)."""
    if not databases:
        return []
    try:
        findings = database_role.excess()
    except OperationalError as error:
        message = _("PostgreSQL refuse la connexion ou ne répond pas : %(error)s")
        return [Error(message % {"error": " ".join(str(error).split())}, id="portal.E004")]
    hint = _("Donnez à DATABASE_URL le compte de l’application : voyez deploy/roles.sql.")
    return [Error(sentence, hint=hint, id="portal.E005") for sentence in findings]


# Applied in every database made before 1.0.0, and in no later one. A migration that this version does not know is no
# proof: a database of the next version has one too, and the image before may run on it.
FORMER_MIGRATION: Final = ("identity", "0002_extensions")
FORMER_DATABASE: Final = (
    "Cette base date d’avant la version 1.0.0 et ne se met pas à niveau ; rien n’y a été changé : donnez une base "
    "vide ou, sur un poste de travail, supprimez le dossier .local (UPGRADING.md)."
)
FORMER_BACKUP: Final = (
    "Cette sauvegarde date d’avant la version 1.0.0, qui ne la restaure pas ; rien n’a été changé (UPGRADING.md)."
)


def check_not_former(connection: BaseDatabaseWrapper) -> None:
    """Raise CommandError for a database made before version 1.0.0."""
    if is_former(connection):
        raise CommandError(FORMER_DATABASE)


def is_former(connection: BaseDatabaseWrapper) -> bool:
    """Return whether the tables of this database were made before version 1.0.0."""
    return FORMER_MIGRATION in MigrationRecorder(connection).applied_migrations()
