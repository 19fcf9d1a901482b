"""The lines of a step's question about those who get a mail, with figures."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.text.french import french_enumeration

NAMED = 8  # A longer list is counted, not named.


def mail_consequences(names: Iterable[str]) -> list[str]:
    """Return « 2 personnes reçoivent un courriel : Anna Daste et Muriel Daste. », or the line that nobody does."""
    people = list(names)
    if not people:
        return [_("Personne ne reçoit de courriel.")]
    n = len(people)
    if n > NAMED:
        return [_("%(n)s personnes reçoivent un courriel.") % {"n": n}]
    sentence = ngettext(
        "%(n)s personne reçoit un courriel\u00a0: %(who)s.", "%(n)s personnes reçoivent un courriel\u00a0: %(who)s.", n
    )
    return [sentence % {"n": n, "who": french_enumeration(people)}]
