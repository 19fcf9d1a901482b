"""Request for the pack as one PDF: the second request for the same pack returns the same file."""

from hashlib import sha256

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.documents.actions.renditions import request_rendition
from assembly.documents.enums import RenditionState
from assembly.documents.models import Rendition
from assembly.documents.pdf.source import canonical_json
from assembly.identity.models import User
from consultations.models import BriefingPack
from consultations.queries.briefing import documents_of, for_members

KIND = "briefing-pack"
LIFETIME_SECONDS = 24 * 3600


def ask_for_pdf(pack: BriefingPack, *, by: User) -> Rendition:
    """Return the PDF of exactly this pack, the one being made, or a new one; the originals are not read for that."""
    documents = for_members(documents_of(pack)) if pack.pk else []
    if not documents:
        raise ValidationError(_("Le dossier n’a aucun document à lire."), code="empty")
    facts = [
        [
            row.pk,
            row.title,
            row.summary,
            row.source,
            row.kind,
            row.level,
            str(row.dated_on),
            row.link,
            sorted(row.checks),
        ]
        for row in documents
    ]
    content = canonical_json([pack.pk, pack.introduction, pack.referral.title, str(pack.released_at), facts])
    mark = f"briefing-pdf:{sha256(content).hexdigest()}"
    if (known := cache.get(mark)) and (rendition := _usable(known)):
        return rendition
    job = request_rendition(pack, KIND, by=by)
    cache.set(mark, job.pk, LIFETIME_SECONDS)
    return job


def _usable(key: int) -> Rendition | None:
    return Rendition.objects.filter(pk=key).exclude(state=RenditionState.FAILED).first()
