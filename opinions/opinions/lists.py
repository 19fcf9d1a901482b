"""The list of opinions in the back office."""

from django.utils.translation import gettext_lazy as _, ngettext_lazy

from assembly.institution.rules import is_lead, is_team
from assembly.lists import Column, Empty, List, PageLink, Unmatched, any_word_in, by_choice, reference_cell, state_cell
from assembly.text.french import format_date
from opinions.models import Opinion
from opinions.opinions.queries import listing
from opinions.opinions.rules import can_see_desk

OPINIONS = List(
    _("Avis de l’assemblée"),
    [
        Column(
            _("Titre"),
            "title",
            key="titre",
            order=["title__alphabetical"],
            short_label=_("Avis"),
            note=lambda row: row.referral.reference,
        ),
        Column(_("Saisine"), "referral.reference"),
        Column(_("Référence"), "reference", "reference", ["reference__alphabetical"], cell=reference_cell),
        Column(
            _("Parties validées"),
            key="parties",
            number=True,
            cell=lambda row: f"{row.validated_count}/{row.sections_count}",
        ),
        Column(
            _("Séance du vote"),
            key="seance",
            cell=lambda row: row.tabled_sitting and format_date(row.tabled_sitting.starts_at, weekday=False),
        ),
        Column(_("État"), "get_state_display", key="etat", order=["rank"], cell=state_cell),
        Column(_("Déposé le"), "tabled_at"),
        Column(_("Adopté le"), "adopted_on"),
        Column(_("Remis le"), "handed_over_on"),
    ],
    default="-date",
    orders={"date": ["created_at"]},
    key="opinions",
    route="opinions:list",
    export="opinions:export",
    row_route="opinions:opinion",
    can_open=can_see_desk,
    rows=listing,
    counted=ngettext_lazy("%(n)s avis", "%(n)s avis", "n"),
    filters=[by_choice(Opinion, "state", every=_("Tous les états"))],
    search=any_word_in("title", "reference"),
    buttons=[
        PageLink(_("Préparer un avis"), "opinions:create", is_team, "primary"),
        PageLink(_("Régler les délais"), "opinions:settings", is_lead, "quiet"),
    ],
    empty=Empty(
        _("Aucun avis pour le moment"),
        _("Préparez le premier : son plan vient des groupes de la saisine."),
        _("Les avis apparaîtront ici quand leur plan sera prêt."),
    ),
    unmatched=Unmatched(_("Aucun avis ne correspond"), label=_("Voir tous les avis")),
)
