"""Paper form of the authorisation that a parent signs for a minor who applies: filled in, or blank for anybody."""

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.documents.pages import page_source
from assembly.documents.pdf.render import render
from assembly.documents.pdf.source import RenderSource
from draws.calls.rules import OF_AGE, is_minor
from draws.models import Call, Candidate

CACHE_SECONDS = 24 * 3600


def is_offered(call: Call) -> bool:
    """Return whether the form is offered: only where the call admits minors."""
    return call.minimum_age < OF_AGE


def is_due(candidate: Candidate) -> bool:
    """Return whether the candidate is a minor whose parent has not agreed yet."""
    return is_minor(candidate.birth_date, timezone.localdate()) and candidate.guardian_agreed_on is None


def guardian_source(call: Call, candidate: Candidate | None = None) -> RenderSource:
    assembly = call.term.assembly
    return page_source(
        "draws/candidates/pdf/guardian.html",
        {"call": call, "candidate": candidate},
        assembly=assembly,
        title=_("Autorisation parentale"),
        reference=f"{call.term.code}-AP" + (f"-{candidate.reference}" if candidate else ""),
        made_at=timezone.now(),
        sheets=["draws"],
    )


def guardian_pdf(call: Call, candidate: Candidate | None = None) -> bytes:
    """Return the PDF. The blank one, which anybody may request, is cached for a day; without a cache it is slower."""
    if candidate is not None:
        return render(guardian_source(call, candidate))
    key = f"guardian-pdf:{call.pk}:{timezone.localdate()}"
    if (content := cache.get(key)) is None:
        content = render(guardian_source(call))
        cache.set(key, content, CACHE_SECONDS)
    return bytes(content)
