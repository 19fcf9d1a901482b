"""Lists of the institution: accounts, directorates, committees, cantons."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _, ngettext, ngettext_lazy

from assembly.identity.models import User
from assembly.institution import queries
from assembly.institution.models import (
    Canton,
    Committee,
    CommitteeMembership,
    Directorate,
    Role,
    RoleAssignment,
    Term,
)
from assembly.institution.rules import can_administer_term, can_invite, can_see_territory, is_team
from assembly.lists import Column, Empty, Filter, List, PageLink, acts_cell, small, stacked
from assembly.lists.filters import FilterForm
from assembly.lists.selection import BulkPage, Selection
from assembly.text.french import format_date, the_name
from assembly.web.pagination import LONG_PAGE
from assembly.web.templatetags.ui import state


def lines_or_text(parts: Any, without: Any) -> Any:
    """Return the parts one below the other, or a grey text where there are none."""
    return stacked(*parts) or format_html('<span class="soft">{}</span>', without)


def people_of(user: Any, term: Term) -> QuerySet[User]:
    """Return the users of the assembly, with the names of their roles there in `roles_here`."""
    held = RoleAssignment.objects.filter(user=OuterRef("pk"), assembly=term.assembly_id, ended_at=None)
    return queries.people_of(term.assembly_id).annotate(roles_here=ArraySubquery(held.values("role")))


def role_names(roles: Iterable[Any]) -> str:
    """Return what the file of the list says of these roles."""
    return ", ".join(role.get_role_display() for role in roles)


def role_lines(user: Any) -> list[str]:
    """Return the roles, which the query of the list has loaded, with their directorates."""
    return [
        f"{role.get_role_display()} ({role.directorate.name})" if role.directorate else role.get_role_display()
        for role in user.current_roles
    ]


def last_login_cell(user: User) -> Any:
    return lines_or_text([format_date(user.last_login, weekday=False)], _("jamais"))


def access_cell(user: User) -> SafeString:
    return state("done", _("ouvert")) if user.is_active else state("refused", _("suspendu"))


def invitations_of_role(user: Any, term: Term, form: FilterForm) -> dict[str, Any]:
    """Return the invitations of the role chosen; without one, those of members are only counted."""
    waiting = queries.waiting_invitations(term.assembly_id)
    if role := form.used.get("role"):
        return {"invitations": waiting.filter(role=role)[:100], "members_invited": 0}
    members = waiting.filter(role=Role.MEMBER)
    return {"invitations": waiting.exclude(role=Role.MEMBER)[:100], "members_invited": members.count()}


CHOSEN_ACCOUNTS: Selection[User] = Selection(
    "",
    lambda n: ngettext("%(n)s personne choisie", "%(n)s personnes choisies", n) % {"n": n},
    {"ecrire": BulkPage(_("Écrire"), "correspondence:write-to-list", ["accounts"])},
)

ACCOUNTS = List(
    _("Équipe"),
    [
        Column(
            _("Nom"),
            "person.last_name",
            key="nom",
            order=["person__sort_name"],
            cell=lambda row: row.person.full_name,
            note=lambda row: row.person.capacity,
        ),
        Column(_("Prénom"), "person.first_name"),
        Column(_("Qualité"), "person.capacity"),
        Column(_("Adresse"), "email"),
        Column(
            _("Rôles"),
            lambda row: role_names(row.current_roles),
            key="roles",
            cell=lambda row: lines_or_text(role_lines(row), _("aucun rôle ouvert")),
        ),
        Column(_("Dernière connexion"), key="connexion", order=["last_login"], cell=last_login_cell, is_shared=False),
        Column(_("Accès"), lambda row: _("ouvert") if row.is_active else _("suspendu"), key="acces", cell=access_cell),
    ],
    default="nom",
    key="accounts",
    route="institution:people",
    export="institution:people-export",
    row_route="institution:person",
    can_open=can_administer_term,
    rows=people_of,
    counted=ngettext_lazy("%(n)s personne", "%(n)s personnes", "n"),
    heading=_("Équipe et rôles"),
    lead=_("Qui a accès au site, et avec quels droits. Les membres ont leur propre liste."),
    filters=[
        Filter(
            "role",
            _("Rôle"),
            choices=Role,
            every=_("Tous, sauf les membres"),
            where=lambda value: Q(roles_here__contains=[value]),
            otherwise=lambda: ~Q(roles_here__contains=[Role.MEMBER]),
        )
    ],
    buttons=[
        PageLink(_("Importer"), "imports:account-import-start", can_invite, "quiet"),
        PageLink(_("Inviter une personne"), "institution:invite", kind="primary"),
    ],
    selection=lambda user, term: CHOSEN_ACCOUNTS if is_team(user, term) else None,
    more=invitations_of_role,
    empty=Empty(_("Personne ici"), _("Aucune personne n’a ce rôle.")),
    template="institution/people_list.html",
    by_term=False,
)


def agents_cell(directorate: Any) -> Any:
    links = [
        format_html(
            '<a href="{}">{}</a> <span class="soft">{}</span>',
            reverse("institution:person", args=[agent.user_id]),
            agent.user.person.full_name,
            agent.get_role_display(),
        )
        for agent in directorate.agents
    ]
    return lines_or_text(links and [format_html("<p>{}</p>", stacked(*links))], _("aucun agent"))


def closing_cell(directorate: Directorate) -> Any:
    if not directorate.closed_on:
        return state("done", _("ouverte"))
    successor = directorate.successor
    by = _("reprise par %(name)s") % {"name": the_name(successor.name)} if successor else ""
    return stacked(state("closed", _("close")), small(by) if by else "")


def directorate_acts_cell(directorate: Directorate) -> SafeString:
    """Return the links to write to a directorate, to rename and to close it."""
    rename = reverse("institution:directorate-rename", args=[directorate.pk]), _("Renommer")
    close = reverse("institution:directorate-close", args=[directorate.pk]), _("Clore")
    write = reverse("correspondence:write-to", args=["direction", directorate.pk]), _("Écrire")
    return acts_cell(directorate.name, [rename] if directorate.closed_on else [write, rename, close])


DIRECTORATES = List(
    _("Directions"),
    [
        Column(_("Sigle"), "code"),
        Column(
            _("Direction"),
            "name",
            key="direction",
            note=lambda row: format_html('<span class="ref">{}</span>', row.code),
        ),
        Column(
            _("Agents"),
            lambda row: ", ".join(f"{one.user.person.full_name} ({one.get_role_display()})" for one in row.agents),
            key="agents",
            cell=agents_cell,
        ),
        Column(_("État"), key="etat", cell=closing_cell),
        Column(_("Close le"), "closed_on"),
        Column(_("Reprise par"), lambda row: row.successor.name if row.successor else ""),
        Column(_("Actions"), key="gestes", cell=directorate_acts_cell, is_shared=False),
    ],
    default="ouvertes",
    # In descending order PostgreSQL puts NULL, the open ones, first.
    orders={"ouvertes": ["-closed_on", "name__alphabetical"]},
    size=LONG_PAGE,
    key="directorates",
    route="institution:directorates",
    export="institution:directorate-export",
    can_open=can_administer_term,
    rows=lambda user, term: queries.directorates_of(term.assembly_id),
    counted=ngettext_lazy("%(n)s direction", "%(n)s directions", "n"),
    lead=_(
        "Elles instruisent les saisines. Chacune a ses référents et, pour le visa, son directeur ou sa directrice."
    ),
    buttons=[
        PageLink(_("Importer"), "imports:directorate-import-start", kind="quiet"),
        PageLink(_("Créer une direction"), "institution:directorate-create", kind="primary"),
    ],
    widgets="desk-directorate-list",
    empty=Empty(_("Aucune direction"), _("Créez celles qui instruisent les saisines."), has_button=False),
    template="institution/directorate_list.html",
    by_term=False,
)


def body_reference(committee: Committee) -> str:
    """Return what names a committee in a file that comes in again."""
    return f"groupe-{committee.pk}"


def seat_reference(seat: CommitteeMembership) -> str:
    return f"participation-{seat.pk}"


COMMITTEES = List(
    _("Groupes et comités"),
    [
        Column(_("Nom"), "name", key="nom", order=["name__alphabetical"]),
        Column(_("Type"), "get_kind_display", key="type", order=["kind"]),
        Column(_("Objet"), "purpose"),
        Column(_("Créé le"), "opened_on"),
        Column(_("Cantons"), lambda row: " ; ".join(canton.name for canton in row.cantons.all())),
        Column(_("Membres"), "seats_held", key="membres", order=["seats_held"], number=True),
        Column(
            _("État"),
            key="etat",
            cell=lambda row: state("closed", _("clos")) if row.closed_on else state("in_progress", _("ouvert")),
        ),
        Column(_("Clos le"), "closed_on"),
        Column(_("Référence"), body_reference),
    ],
    default="ouverts",
    # In descending order PostgreSQL puts NULL, the open ones, first.
    orders={"ouverts": ["-closed_on", "name__alphabetical"]},
    size=LONG_PAGE,
    key="committees",
    route="institution:committees",
    export="institution:committee-list-export",
    row_route="institution:committee",
    can_open=can_see_territory,
    rows=lambda user, term: queries.committees_of(term),
    counted=ngettext_lazy("%(n)s groupe ou comité", "%(n)s groupes et comités", "n"),
    buttons=[
        PageLink(_("Importer"), "imports:body-import-start", is_team, "quiet"),
        PageLink(_("Créer un groupe ou un comité"), "institution:committee-create", is_team, "primary"),
    ],
    empty=Empty(
        _("Aucun groupe"),
        _(
            "Un groupe de travail, une commission, un comité de pilotage : tout ce qui est plus petit que la plénière"
            " est ici."
        ),
        has_button=False,
    ),
    template="institution/committee_list.html",
)

CANTONS = List(
    _("Cantons"),
    [
        Column(_("Numéro"), "number", key="numero", number=True, short_label=_("Nº")),
        Column(_("Canton"), "name", key="canton", is_header=True),
        Column(_("Bureau centralisateur"), "seat_commune", key="bureau"),
        Column(_("Code INSEE"), "insee_code"),
        Column(_("Code postal"), "postcode"),
        Column(_("Territoire"), "kind", key="territoire"),
    ],
    default="numero",
    orders={"numero": ["number"]},
    size=LONG_PAGE,
    key="cantons",
    route="institution:cantons",
    export="institution:canton-export",
    can_open=can_see_territory,
    rows=lambda user, term: Canton.objects.filter(assembly=term.assembly_id),
    counted=ngettext_lazy("%(n)s canton", "%(n)s cantons", "n"),
    buttons=[PageLink(_("Importer"), "imports:canton-import-start", can_administer_term, "quiet")],
    widgets="desk-canton-list",
    empty=Empty(
        _("Pas encore de canton"), _("La personne responsable de la mission importe leur liste."), has_button=False
    ),
    by_term=False,
)
