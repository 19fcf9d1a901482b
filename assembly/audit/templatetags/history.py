"""Template tag `{% history obj %}`: the last ten lines of the journal about a dossier, and a link to all of them."""

from typing import Any

from django import template
from django.db.models import Model, Q

from assembly.audit.lines import journal_lines
from assembly.audit.models import Entry

register = template.Library()
SHOWN = 10


@register.inclusion_tag("audit/history.html", takes_context=True)
def history(context: template.Context, subject: Model, person: Model | None = None) -> dict[str, Any]:
    """Return the context of the history below every dossier; the page itself has checked who may see the dossier.

    `person`: whose page it is; what the journal says of them stands there too.
    """
    label, pk = subject._meta.label, str(subject.pk)
    own = Q(subject_type=label, subject_id=pk) | Q(dossier_type=label, dossier_id=pk)
    if person is not None:
        own |= Q(subject_type=person._meta.label, subject_id=str(person.pk))
    lines = journal_lines(Entry.objects.filter(own).select_related("detail").order_by("-pk")[: SHOWN + 1])
    return {
        "request": context["request"],
        "lines": lines[:SHOWN],
        "longer": subject if len(lines) > SHOWN else None,
    }
