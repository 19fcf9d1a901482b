"""Widgets of an application (documents, readings, decision, papers) and of a scheme (its list, its delay)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.portal.registry import Widget, add_widget
from assembly.portal.sitemap import Page, add_pages
from assembly.speed.compiled_query import CompiledQuery
from assembly.text.french import format_date, format_moment, format_number
from mission.grants import queries, rules
from mission.grants.documents.papers import format_amount
from mission.grants.enums import GrantState, SchemeState
from mission.grants.models import GrantApplication, GrantScheme


def grant_widget(user: Any, row: GrantApplication) -> Widget:
    decided = [
        (_("Avis"), row.opinion),
        (_("Montant proposé"), format_amount(row.proposed_amount) if row.proposed_amount is not None else ""),
        (_("Échange entre les deux lectures"), row.discussion),
        (_("Note retenue, sur 100"), format_number(row.score) if row.score is not None else ""),
        (_("Montant voté"), format_amount(row.voted_amount) if row.voted_amount else ""),
        (_("Décidée le"), format_date(row.decided_on, weekday=False)),
        (_("Délibération"), row.decision_reference),
        (_("Motif du refus"), row.refusal),
        (_("Annoncée à l’association"), format_moment(row.decision_sent_at)),
        (_("Convention signée le"), format_date(row.agreement_signed_on, weekday=False)),
        (_("Compte rendu financier"), row.account),
    ]
    return Widget(
        "mission/grants/grant_widget.html",
        {
            "row": row,
            "documents": queries.documents_of(row),
            "missing_labels": rules.missing_labels(row)
            if row.state in ("received", "completeness_check", "incomplete")
            else [],
            "doubles": rules.doubles_of(row) if row.state not in GrantState.tagged("dropped") else [],
            "asked": row.asked_for.splitlines(),
            "readings": queries.readings(row, user),
            "is_blind": rules.is_blind(user, row),
            "has_wide_gap": rules.needs_discussion(row),
            "sent_text": row.decision_text if row.decision_sent_at else "",
            "decided": [(label, text) for label, text in decided if text],
        },
    )


def scheme_widget(user: Any, row: GrantScheme) -> Widget:
    return Widget(
        "mission/grants/scheme_widget.html",
        {
            "row": row,
            "delay": queries.median_sentence(row.assembly_id),
            "without_siret": queries.published_without_siret(row),
        },
    )


def _published(assembly: int) -> QuerySet[GrantScheme]:
    return GrantScheme.objects.filter(assembly=assembly, state=SchemeState.PUBLISHED).order_by("closes_on", "pk")


PUBLISHED_SCHEMES = CompiledQuery(_published)


def public_schemes(user: Any, term: Any) -> Widget | None:
    """Return the widget of the public home while a scheme is open, else None."""
    now = timezone.now()
    schemes = [row for row in PUBLISHED_SCHEMES(term.assembly_id) if rules.is_open(row, now)]
    return Widget("mission/grants/_public_schemes.html", {"schemes": schemes}, order=60) if schemes else None


def pages() -> Iterator[Page]:
    """Yield the page of the schemes, for the site map."""
    yield reverse("mission:grant-schemes"), None


add_pages("grants", pages)
add_widget("public", public_schemes)
add_widget("register-grants", grant_widget)
add_widget("register-schemes", scheme_widget)
