"""The figures of « État du service », each with what to do when it is bad."""

from datetime import datetime

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.documents.queries.quarantine import files_in_quarantine
from assembly.documents.seal import expiry
from assembly.portal import health
from assembly.portal.health import Line
from assembly.ui import antivirus
from assembly.ui.words import date_words


def _ago(moment: datetime) -> str:
    return _("il y a %(delay)s") % {"delay": timesince(moment)}


def _beat() -> Line:
    moment = health.last_beat()
    late = moment is None or timezone.now() - moment > health.BEAT_LATE_AFTER
    return Line(
        _("Dernier battement de l’horloge"),
        _ago(moment) if moment else _("jamais"),
        late,
        _("Redémarrez le service « beat » : sans lui, ni relances ni envois différés ne partent.") if late else "",
    )


def _disk() -> Line:
    free, total = health.disk()
    late = free < total * health.DISK_WARN
    value = _("%(free)s libres sur %(total)s") % {"free": filesizeformat(free), "total": filesizeformat(total)}
    return Line(_("Disque des documents"), value, late, _("Agrandissez le volume des documents.") if late else "")


def _seal() -> Line:
    moment = expiry.ends_at()
    late = moment is None or moment - timezone.now() < health.CERTIFICATE_WARN
    value = date_words(moment, weekday=False) if moment else _("clé illisible ou absente")
    if settings.SEAL_PKCS11_MODULE:
        advice = _("Demandez un nouveau certificat de cachet, puis mettez-le sur le jeton avec sa clé.")
    else:
        advice = _("Demandez un nouveau certificat de cachet, puis changez SEAL_P12_FILE.")
    return Line(_("Fin du certificat du cachet"), value, late, advice if late else "")


def _backup() -> Line:
    moment = health.last_backup()
    late = moment is None or timezone.now() - moment > health.BACKUP_LATE_AFTER
    value = _ago(moment) if moment else _("aucune sauvegarde connue")
    advice = _("Lancez « manage.py backup DOSSIER » chaque nuit, et gardez le dossier ailleurs.") if late else ""
    return Line(_("Dernière sauvegarde"), value, late, advice)


def _parts() -> list[Line]:
    names = {"database": _("Base de données"), "broker": _("File des travaux (Redis)"), "storage": _("Stockage")}
    found = health.answers()
    return [
        Line(names[name], _("répond") if alive else _("ne répond pas"), not alive) for name, alive in found.items()
    ]


def _antivirus() -> Line:
    if not antivirus.is_configured():
        value = _("non configuré : les fichiers déposés ne sont pas analysés")
        return Line(_("Antivirus"), value, True, _("Installez clamd, puis donnez son adresse dans CLAMD_ADDRESS."))
    late, count = not antivirus.responds(), files_in_quarantine()
    waiting = ngettext("%(count)s fichier en quarantaine", "%(count)s fichiers en quarantaine", count) % {
        "count": count
    }
    value = f"{_('ne répond pas') if late else _('répond')}, {waiting}" if count or late else _("répond")
    advice = _("Redémarrez clamd : sans lui, personne ne peut lire les fichiers déposés entre-temps.") if late else ""
    return Line(_("Antivirus"), value, late, advice)


def service_lines() -> list[Line]:
    """Everything that a technical administrator looks at in the morning."""
    return [*_parts(), _beat(), _disk(), _seal(), _backup(), _antivirus()]
