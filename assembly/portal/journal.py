"""Nightly verification of the journal: read the whole chain, compare it with the sent heads, send tonight's head."""

import base64
import json
import logging
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit import database_role, verification
from assembly.audit.models import Link
from assembly.audit.verification import DepartedHead, verify
from assembly.documents.actions.register import timestamp_over

log = logging.getLogger("assembly.journal")


def verify_and_send_head() -> None:
    """Verify the journal, store the result for « État du service », mail the head to the witnesses.

    A finding is logged as an error for the administrators, and no head is sent: the last true one stays with the
    witnesses.
    """
    finding, read = "", 0
    try:
        left = verification.read_heads(settings.JOURNAL_HEADS_FILE)
        read, fault = verify((head.seq, head.hash) for head in left)
        finding = str(fault or "")
    except ValueError as error:
        finding = str(error)
    if finding:
        log.error("the journal was altered: %s", finding)
    mailed = 0 if finding else _send_head(left)
    _write_status(finding=finding, links=read, sent=mailed, excess=next(iter(database_role.excess()), ""))


def _send_head(left: list[DepartedHead]) -> int:
    """Store the head outside the database and mail it; return for how many witnesses the relay accepted it."""
    link = Link.objects.order_by("-seq").first()
    if link is None:
        return 0
    if left and left[-1].seq == link.seq:
        head = left[-1]
    else:
        token = timestamp_over(link.hash)
        at = timezone.now().isoformat(timespec="seconds")
        head = DepartedHead(link.seq, link.hash, at, base64.b64encode(token).decode() if token else "")
        verification.append_head(settings.JOURNAL_HEADS_FILE, head)
    return sum(_mail(head, witness) for witness in settings.JOURNAL_WITNESSES)


def _mail(head: DepartedHead, witness: str) -> bool:
    text = _(
        "Voici la tête du journal de %(site)s : elle résume toutes ses lignes, du début à cette nuit.\n\n"
        "Maillon %(seq)s\n%(hash)s\n\n"
        "Gardez ce message : si quelqu’un réécrivait le journal, il n’y mènerait plus. Pour comparer, donnez le "
        "fichier joint à l’administrateur : manage.py verify_audit --heads FICHIER."
    )
    mail = EmailMessage(
        _("Tête du journal : maillon %(seq)s") % {"seq": head.seq},
        text % {"site": settings.SITE_URL, "seq": head.seq, "hash": head.hash},
        settings.SERVER_EMAIL,
        [witness],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach(f"journal-{head.seq}.jsonl", head.line(), "application/json")
    try:
        return bool(mail.send())
    except OSError as error:  # smtplib's errors are OSError too: the head is stored, and mailed again tomorrow
        log.error("the head of the journal did not leave: %s", type(error).__name__)
        return False


def _write_status(**facts: Any) -> None:
    settings.JOURNAL_STATUS_FILE.parent.mkdir(parents=True, exist_ok=True)
    written = json.dumps({"at": timezone.now().isoformat(), **facts}, ensure_ascii=False)
    settings.JOURNAL_STATUS_FILE.write_text(written, encoding="utf-8")


def last_night() -> dict[str, Any] | None:
    """Return `at` (datetime), `finding`, `links`, `sent` and `excess` of the last verification; None without one."""
    try:
        night: dict[str, Any] = json.loads(settings.JOURNAL_STATUS_FILE.read_text(encoding="utf-8"))
        return {**night, "at": datetime.fromisoformat(night["at"]).astimezone(UTC)}
    except (OSError, ValueError, KeyError, TypeError):
        return None
