"""The list of messages in the back office."""

from django.utils.translation import gettext_lazy as _, ngettext_lazy

from assembly.correspondence.models import TeamMessage
from assembly.correspondence.rules import listed_title
from assembly.institution.rules import is_team
from assembly.lists import Column, Empty, List, PageLink, any_word_in, by_choice, state_cell

MESSAGES = List(
    _("Messages écrits"),
    [
        Column(_("Objet"), listed_title, key="objet", order=["title__alphabetical"], note=lambda row: row.group_name),
        Column(_("Destinataires"), "group_name"),
        Column(_("Personnes"), "count", key="personnes", order=["count"], number=True),
        Column(_("Par"), "written_by.get_full_name", key="par", order=["written_by__person__sort_name"]),
        Column(_("Envoyé"), "sent_at", key="envoi", order=["sent_at"]),
        Column(_("État"), "get_state_display", "etat", ["state"], cell=state_cell),
    ],
    default="-ecrit",
    orders={"ecrit": ["pk"]},
    key="team-messages",
    route="correspondence:list",
    row_route="correspondence:message",
    can_open=is_team,
    rows=lambda user, term: (
        TeamMessage.objects.visible_to(user)
        .filter(term=term)
        .select_related("written_by__person", "distribution")
        .defer("body")
    ),
    counted=ngettext_lazy("%(n)s message", "%(n)s messages", "n"),
    heading=_("Écrire"),
    lead=_("Ce que l’équipe a écrit, à qui, et ce qui en est parti."),
    filters=[by_choice(TeamMessage, "state", "etat", every=_("Tous les états"))],
    search=any_word_in("title", "group_name"),
    search_label=_("Objet ou destinataires"),
    buttons=[
        PageLink(_("Modèles de texte"), "correspondence:texts", kind="quiet"),
        PageLink(_("Écrire un message"), "correspondence:start", kind="primary"),
    ],
    empty=Empty(
        _("Aucun message pour le moment"), _("Écrivez à un groupe, aux personnes d’une séance ou d’une liste.")
    ),
)
