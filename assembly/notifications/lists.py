"""The list of distributions in the back office."""

from django.utils.translation import gettext_lazy as _, ngettext_lazy

from assembly.lists import Column, Empty, Filter, List, Unmatched, any_word_in
from assembly.notifications.models import Distribution
from assembly.notifications.queries import message_kind_label, tally_of, with_delivery_counts
from assembly.notifications.registry import kinds
from assembly.notifications.rules import can_see_list
from assembly.text.french import sort_choices
from assembly.web.templatetags.ui import state

DISTRIBUTIONS = List(
    _("Envois"),
    [
        Column(_("Objet"), "title", key="objet", order=["title__alphabetical"], note=message_kind_label),
        Column(_("Demandé"), "requested_at", key="date", order=["requested_at"]),
        Column(_("Où il en est"), lambda row: tally_of(row, row.counts).sentence, key="avancement"),
        Column(_("État"), key="etat", cell=lambda row: state(*tally_of(row, row.counts).badge)),
    ],
    default="-date",
    key="distributions",
    route="notifications:distribution-list",
    row_route="notifications:distribution-page",
    can_open=lambda user, term: can_see_list(user),
    rows=lambda user, term: with_delivery_counts(Distribution.objects.visible_to(user)),
    counted=ngettext_lazy("%(n)s envoi", "%(n)s envois", "n"),
    lead=_("Chaque message, à qui, et ce qu’il est devenu."),
    filters=[
        Filter(
            "nature",
            _("Nature"),
            "kind",
            lambda term: sort_choices((kind.kind, str(kind.label)) for kind in kinds.values()),
            _("Toutes"),
        )
    ],
    search=any_word_in("title"),
    search_label=_("Objet"),
    empty=Empty(_("Aucun envoi pour le moment"), _("Une convocation ou un compte rendu diffusé apparaîtra ici.")),
    unmatched=Unmatched(_("Aucun envoi ne correspond"), label=_("Voir tous les envois")),
)
