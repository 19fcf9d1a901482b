"""Figures of « État du service », each with advice when it is bad."""

from datetime import datetime

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.documents.queries import files_in_quarantine
from assembly.documents.seal import expiry
from assembly.files import antivirus
from assembly.identity.attempts import near_ceilings
from assembly.portal import health, journal
from assembly.portal.health import ServiceLine
from assembly.text.french import format_date, format_number


def _ago(moment: datetime) -> str:
    return _("il y a %(delay)s") % {"delay": timesince(moment)}


def _beat() -> ServiceLine:
    moment = health.last_beat()
    late = moment is None or timezone.now() - moment > health.BEAT_LATE_AFTER
    return ServiceLine(
        _("Dernier battement de l’horloge"),
        _ago(moment) if moment else _("jamais"),
        late,
        _("Redémarrez le service « beat » : sans lui, ni relances ni envois différés ne partent.") if late else "",
    )


def _disk() -> ServiceLine:
    free, total = health.disk()
    late = free < max(total * health.DISK_WARN, health.DISK_FLOOR)
    advice = _("Agrandissez le volume des documents : plein, il refuse tout nouveau fichier.")
    sizes = {"free": filesizeformat(free), "total": filesizeformat(total)}
    value = _("espace libre de %(free)s sur %(total)s") % sizes
    return ServiceLine(_("Disque des documents"), value, late, advice if late else "")


def _seal() -> ServiceLine:
    moment = expiry.ends_at()
    late = moment is None or moment - timezone.now() < health.CERTIFICATE_WARN
    value = format_date(moment, weekday=False) if moment else _("clé illisible ou absente")
    if settings.SEAL_PKCS11_MODULE:
        advice = _("Demandez un nouveau certificat de cachet, puis mettez-le sur le jeton avec sa clé.")
    else:
        advice = _("Demandez un nouveau certificat de cachet, puis changez SEAL_P12_FILE.")
    return ServiceLine(_("Fin du certificat du cachet"), value, late, advice if late else "")


def _backup() -> ServiceLine:
    moment = health.last_backup()
    late = moment is None or timezone.now() - moment > health.BACKUP_LATE_AFTER
    value = _ago(moment) if moment else _("aucune sauvegarde connue")
    advice = _("Lancez « manage.py backup DOSSIER » chaque nuit, et gardez le dossier ailleurs.") if late else ""
    return ServiceLine(_("Dernière sauvegarde"), value, late, advice)


def _journal() -> ServiceLine:
    """Return the result of the last verification; without two database roles, also its limits."""
    label, night = _("Journal"), journal.last_night()
    if night is None or timezone.now() - night["at"] > health.BACKUP_LATE_AFTER:
        value = _("vérifié %(ago)s") % {"ago": _ago(night["at"])} if night else _("jamais vérifié")
        return ServiceLine(
            label, value, True, _("Redémarrez les services « beat » et « worker » : il est relu chaque nuit.")
        )
    if night["finding"]:
        advice = _(
            "Gardez tout en l’état, prévenez la responsable, et comparez avec les têtes reçues par les témoins."
        )
        return ServiceLine(label, night["finding"], True, advice)
    facts = {"links": night["links"], "ago": _ago(night["at"])}
    sent = ngettext("tête envoyée à %(count)s témoin", "tête envoyée à %(count)s témoins", night["sent"]) % {
        "count": night["sent"]
    }
    value = ngettext(
        "intact (%(links)s maillon), vérifié %(ago)s", "intact (%(links)s maillons), vérifié %(ago)s", night["links"]
    )
    value = value % facts + ", " + sent
    if settings.LOCAL:
        value += _(". Ce poste n’a qu’un compte de base de données : qui le tient peut réécrire le journal entier")
    if night["sent"] < len(settings.JOURNAL_WITNESSES):
        return ServiceLine(
            label, value, True, _("Vérifiez le relais de courriel : la tête de cette nuit n’est pas partie.")
        )
    advice = "" if settings.LOCAL else night["excess"]
    return ServiceLine(label, value, bool(advice), advice)


def _parts() -> list[ServiceLine]:
    names = {"database": _("Base de données"), "broker": _("File des travaux (Redis)"), "storage": _("Stockage")}
    answers = health.probe_services()
    return [
        ServiceLine(label, _("répond") if answers[name] else _("ne répond pas"), not answers[name])
        for name, label in names.items()
    ]


def _antivirus() -> ServiceLine:
    if not antivirus.is_configured():
        value = _("non configuré : les fichiers déposés ne sont pas analysés")
        return ServiceLine(
            _("Antivirus"), value, True, _("Installez clamd, puis donnez son adresse dans CLAMD_ADDRESS.")
        )
    late, count = not antivirus.responds(), files_in_quarantine()
    waiting = ngettext("%(count)s fichier en quarantaine", "%(count)s fichiers en quarantaine", count) % {
        "count": count
    }
    value = f"{_('ne répond pas') if late else _('répond')}, {waiting}" if count or late else _("répond")
    advice = _("Redémarrez clamd : sans lui, personne ne peut lire les fichiers déposés entre-temps.") if late else ""
    return ServiceLine(_("Antivirus"), value, late, advice)


def _anonymous_requests() -> ServiceLine:
    """Return what all anonymous users requested in a day, near a ceiling: an attack, or a success."""
    label, near = _("Formulaires publics"), near_ceilings()
    if not near:
        return ServiceLine(label, _("loin de leurs plafonds"), False)
    texts = [
        ngettext("%(form)s : %(count)s demande ce jour", "%(form)s : %(count)s demandes ce jour", count)
        % {"form": ceiling.label, "count": format_number(count)}
        for ceiling, count in near
    ]
    advice = _("Seules les personnes qui n’ont rien demandé aujourd’hui passent encore. Les autres vous téléphonent.")
    return ServiceLine(label, ", ".join(texts), True, advice)


def service_lines() -> list[ServiceLine]:
    """Return all figures that a technical administrator reads each morning."""
    return [*_parts(), _beat(), _disk(), _seal(), _backup(), _journal(), _antivirus(), _anonymous_requests()]
