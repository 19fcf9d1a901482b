"""The authorisation that a parent signs on paper for a minor who applies: filled in, or blank for anybody."""

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.pages import page_source
from assembly.documents.pdf.render import render
from assembly.documents.pdf.source import RenderSource
from draws.models import Call, Candidate
from draws.rules.calls import OF_AGE, is_minor

KEPT_SECONDS = 24 * 3600


def is_offered(call: Call) -> bool:
    """Only where the call admits minors."""
    return call.minimum_age < OF_AGE


def is_due(candidate: Candidate) -> bool:
    """A minor whose parent did not agree yet."""
    return is_minor(candidate.birth_date, timezone.localdate()) and candidate.guardian_agreed_on is None


def guardian_source(call: Call, candidate: Candidate | None = None) -> RenderSource:
    assembly = call.term.assembly
    return page_source(
        "draws/pdf/guardian.html",
        {"call": call, "candidate": candidate},
        assembly=assembly,
        title=_("Autorisation parentale"),
        reference=f"{call.term.code}-AP" + (f"-{candidate.reference}" if candidate else ""),
        made_at=timezone.now(),
        sheets=["draws"],
    )


def guardian_pdf(call: Call, candidate: Candidate | None = None) -> bytes:
    """The blank one is made once a day: anybody may ask for it. A cache that is down costs time, not the paper."""
    if candidate is not None:
        return render(guardian_source(call, candidate))
    key = f"guardian-pdf:{call.pk}:{timezone.localdate()}"
    if (kept := cache.get(key)) is None:
        kept = render(guardian_source(call))
        cache.set(key, kept, KEPT_SECONDS)
    return bytes(kept)
