"""`manage.py verify_document FILE`: the verdict of « Vérifier un document », for a script or an archivist."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from assembly.documents.actions.checks import verify_file
from assembly.documents.models import CheckLimit, Verdict
from assembly.documents.verification import VerificationResult

AUTHENTIC = {Verdict.CURRENT, Verdict.SUPERSEDED}


def sentences(answer: VerificationResult) -> list[str]:
    """Return the printed lines: the verdict, then what the register holds."""
    sentence_of = {
        Verdict.CURRENT: _("Authentique et à jour."),
        Verdict.SUPERSEDED: _("Authentique, mais remplacé par une version plus récente."),
        Verdict.UNFINISHED: _("Étape antérieure, incomplète : ne fait pas foi."),
        Verdict.ALTERED: _("Modifié : porte notre référence ou notre cachet, mais n’est pas notre fichier."),
        Verdict.UNKNOWN: _("Inconnu : ce fichier ne vient pas de nous."),
        Verdict.UNPROVEN: _("Non confirmé : son inscription au registre ou son cachet ne se vérifie pas."),
    }
    lines = [sentence_of[answer.verdict]]
    if answer.limit:
        lines.append(_("Il n’a pas pu être lu jusqu’au bout : %(why)s.") % {"why": CheckLimit(answer.limit).label})
    if answer.document is not None:
        lines.append(f"{answer.document.reference} · {answer.document.title}")
    if answer.signature is not None and answer.verdict != Verdict.ALTERED:
        lines.append(
            f"{answer.signature.subject} · {answer.signature.level} · {answer.signature.signed_at.isoformat()}"
        )
        if answer.signature.tsa_time is None:
            lines.append(_("Sans horodatage."))
    return lines


class Command(BaseCommand):
    help = "Dit si un fichier est un document authentique ; le code de sortie est 0 seulement dans ce cas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            answer = verify_file(file)
        except OSError as error:
            raise CommandError(
                _("Ce fichier ne peut pas être lu : %(file)s") % {"file": file}, returncode=2
            ) from error
        self.stdout.write("\n".join(sentences(answer)))
        if answer.verdict not in AUTHENTIC:
            sys.exit(1)
