"""Days on which candidates are erased: a candidate is no `Person`, and no card links to it.

The line of the sealed table, with its contestations, is deleted with the candidate.
"""

from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import delete_row, retention
from draws.candidates import actions

retention(
    "draws.candidates",
    _("Candidatures non retenues, au jour annoncé"),
    find=actions.due_for_erasure,
    apply=actions.erase_one,
)
retention(
    "draws.seated",
    _("Candidatures tirées au sort, après la mandature"),
    find=actions.seated_for_erasure,
    apply=actions.erase_one,
)
retention(
    "draws.unconfirmed", _("Candidatures jamais confirmées"), find=actions.never_confirmed, apply=actions.erase_row
)
retention(
    "draws.withdrawn",
    _("Candidatures retirées depuis un mois"),
    find=actions.withdrawn_for_erasure,
    apply=actions.erase_one,
)
retention("draws.next_call", _("Adresses pour le prochain appel"), find=actions.old_news, apply=delete_row)
