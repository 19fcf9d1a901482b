"""Template tag `{% history obj %}`: the last ten lines of the journal about a dossier, and a link to all of them."""

from typing import Any

from django import template
from django.db.models import Model, Q
from django.urls import reverse

from assembly.audit.lines import journal_lines
from assembly.audit.models import Entry

register = template.Library()
SHOWN = 10


@register.inclusion_tag("audit/history.html", takes_context=True)
def history(context: template.Context, subject: Model) -> dict[str, Any]:
    """Return the context of the history below every dossier; the page itself has checked who may see the dossier."""
    label, pk = subject._meta.label, str(subject.pk)
    own = Q(subject_type=label, subject_id=pk) | Q(dossier_type=label, dossier_id=pk)
    lines = journal_lines(Entry.objects.filter(own).select_related("detail").order_by("-pk")[: SHOWN + 1])
    return {
        "user": context["request"].user,
        "lines": lines[:SHOWN],
        "more": reverse("institution:history", args=[label, pk]) if len(lines) > SHOWN else "",
    }
