"""Health of the service: database, broker and storage must answer; a page shows what a person can repair.

« État du service » shows its figures, each with advice when it is bad.
"""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _, ngettext

from assembly.documents.queries import files_in_quarantine
from assembly.documents.seal import expiry
from assembly.files import antivirus
from assembly.identity.attempts import near_ceilings
from assembly.institution.models import Assembly
from assembly.jobs.models import FailedJob, JobSlot
from assembly.notifications.models import Delivery
from assembly.portal import journal
from assembly.text.french import format_date, format_number

BEAT_LATE_AFTER = timedelta(minutes=5)
BACKUP_LATE_AFTER = timedelta(hours=30)
CERTIFICATE_WARN = timedelta(days=60)
DISK_WARN = 0.10
DISK_FLOOR = 100 * 1024 * 1024  # bytes: four of the largest files that people may send
PATIENCE = 4.0
# Threads of the process that wait for a part; when all of them hang, the next probe times out and counts as a failure.
PROBES = ThreadPoolExecutor(8, thread_name_prefix="health")


def _database() -> bool:
    """Query as a page does: with a connection of the pool, and the row that every page reads."""
    try:
        Assembly.objects.exists()
    finally:
        connection.close()
    return True


def _broker() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        return bool(client.ping())
    finally:
        client.close()


def _storage() -> bool:
    settings.BLOB_DIR.mkdir(parents=True, exist_ok=True)
    probe = settings.BLOB_DIR / ".probe"
    probe.write_bytes(b"ok")
    return probe.read_bytes() == b"ok"


def _space() -> bool:
    return disk()[0] >= DISK_FLOOR


PARTS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "broker": _broker,
    "storage": _storage,
    "space": _space,
}


def probe_services() -> dict[str, bool]:
    """Return which parts answer within PATIENCE seconds, all probed in parallel; an exception counts as no answer."""
    asked = {name: PROBES.submit(probe) for name, probe in PARTS.items()}
    wait(asked.values(), PATIENCE)
    return {name: _answered(future) for name, future in asked.items()}


def _answered(future: Future[bool]) -> bool:
    if not future.done():
        future.cancel()  # it must not start later, when the result is not needed any more
        return False
    try:
        return future.result()
    except (DatabaseError, redis.RedisError, OSError):
        return False


@dataclass(frozen=True)
class ServiceLine:
    """Line of « État du service »: a true figure and whether somebody should act."""

    label: str
    value: str
    is_late: bool
    advice: str = ""


def last_beat() -> datetime | None:
    """Return when the scheduler last ran."""
    return (
        JobSlot.objects.filter(job="assembly.jobs.tasks.tick")
        .order_by("-started_at")
        .values_list("started_at", flat=True)
        .first()
    )


def queues() -> list[dict[str, Any]]:
    """Return the length of each Celery queue and the due time of the oldest waiting mail."""
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
    try:
        lengths = {name: int(client.llen(name)) for name in ("default", "mail", "pdf", "verify")}
    except redis.RedisError:
        lengths = {}
    finally:
        client.close()
    oldest = (
        Delivery.objects.filter(state="queued", next_attempt_at__lte=timezone.now())
        .order_by("next_attempt_at")
        .values_list("next_attempt_at", flat=True)
        .first()
    )
    labels = {
        "default": _("travaux courants"),
        "mail": _("préparation des courriels"),
        "pdf": _("documents PDF"),
        "verify": _("lecture de fichiers reçus"),
    }
    rows = [{"name": labels[name], "length": length, "oldest": None} for name, length in lengths.items()]
    waiting = Delivery.objects.filter(state="queued").count()
    return [*rows, {"name": _("courriels à envoyer"), "length": waiting, "oldest": oldest}]


def failed_jobs() -> list[FailedJob]:
    """Return the jobs that gave up and that nobody has run again, newest first."""
    return list(FailedJob.objects.filter(retried_at=None).order_by("-failed_at", "-pk")[:50])


def disk() -> tuple[int, int]:
    """Return the free and total bytes on the disk of the documents."""
    usage = shutil.disk_usage(settings.DATA_DIR if settings.DATA_DIR.exists() else settings.DATA_DIR.parent)
    return usage.free, usage.total


def last_backup() -> datetime | None:
    """Return when `manage.py backup` last succeeded."""
    try:
        written = json.loads(settings.BACKUP_STATUS_FILE.read_text(encoding="utf-8"))["finished_at"]
        return datetime.fromisoformat(written).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _ago(moment: datetime) -> str:
    return _("il y a %(delay)s") % {"delay": timesince(moment)}


def _beat() -> ServiceLine:
    moment = last_beat()
    late = moment is None or timezone.now() - moment > BEAT_LATE_AFTER
    return ServiceLine(
        _("Dernier battement de l’horloge"),
        _ago(moment) if moment else _("jamais"),
        late,
        _("Redémarrez le service « beat » : sans lui, ni relances ni envois différés ne partent.") if late else "",
    )


def _disk() -> ServiceLine:
    free, total = disk()
    late = free < max(total * DISK_WARN, DISK_FLOOR)
    advice = _("Agrandissez le volume des documents : plein, il refuse tout nouveau fichier.")
    sizes = {"free": filesizeformat(free), "total": filesizeformat(total)}
    value = _("espace libre de %(free)s sur %(total)s") % sizes
    return ServiceLine(_("Disque des documents"), value, late, advice if late else "")


def _seal() -> ServiceLine:
    moment = expiry.ends_at()
    late = moment is None or moment - timezone.now() < CERTIFICATE_WARN
    value = format_date(moment, weekday=False) if moment else _("clé illisible ou absente")
    if settings.SEAL_PKCS11_MODULE:
        advice = _("Demandez un nouveau certificat de cachet, puis mettez-le sur le jeton avec sa clé.")
    else:
        advice = _("Demandez un nouveau certificat de cachet, puis changez SEAL_P12_FILE.")
    return ServiceLine(_("Fin du certificat du cachet"), value, late, advice if late else "")


def _backup() -> ServiceLine:
    moment = last_backup()
    late = moment is None or timezone.now() - moment > BACKUP_LATE_AFTER
    value = _ago(moment) if moment else _("aucune sauvegarde connue")
    advice = _("Lancez « manage.py backup DOSSIER » chaque nuit, et gardez le dossier ailleurs.") if late else ""
    return ServiceLine(_("Dernière sauvegarde"), value, late, advice)


def _journal() -> ServiceLine:
    """Return the result of the last verification; without two database roles, also its limits."""
    label, night = _("Journal"), journal.last_night()
    if night is None or timezone.now() - night["at"] > BACKUP_LATE_AFTER:
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
    answers = probe_services()
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
