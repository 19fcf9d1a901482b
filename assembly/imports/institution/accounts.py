"""Import of people to invite to a role: each line is an invitation, sent once the preview is confirmed.

A file gives no role and changes no account: whoever has an access, or an invitation that waits, stays as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from assembly.identity.models import Person, User
from assembly.imports.entry_rows import EntryRows, make_readonly
from assembly.imports.views import ImportPages
from assembly.institution.actions import invitations
from assembly.institution.forms import InvitationForm
from assembly.institution.lists import role_names
from assembly.institution.models import Role, Term
from assembly.institution.queries import people_of, waiting_invitations
from assembly.institution.rules import can_invite
from assembly.web.forms import StyledForm

ACCOUNTS = "accounts"
NAMES = ("first_name", "last_name", "capacity")


@dataclass(frozen=True)
class AccountRow:
    """Somebody with an access, or with invitations that wait, and their `roles`."""

    pk: str
    person: Person
    email: str
    roles: Sequence[Any]

    def __str__(self) -> str:
        return self.person.full_name


def account_rows(term: Term) -> list[AccountRow]:
    rows: list[AccountRow] = []
    for user in people_of(term.assembly_id):
        roles = user.current_roles  # type: ignore[attr-defined]  # -- set by the prefetch of `people_of`
        rows.append(AccountRow(f"u{user.pk}", user.person, user.email, roles))
    waiting: dict[int, list[Any]] = {}
    for invitation in waiting_invitations(term.assembly_id).filter(person__user=None):
        waiting.setdefault(invitation.person_id, []).append(invitation)
    for pk, invited in waiting.items():
        rows.append(AccountRow(f"i{pk}", invited[0].person, invited[0].email, invited))
    return rows


def account_form(term: Term, user: User | None, data: Any = None, row: AccountRow | None = None) -> InvitationForm:
    if row is None:
        return InvitationForm(data, term=term, initial={"role": Role.OFFICER})
    initial = {name: getattr(row.person, name) for name in NAMES} | {"email": row.email}
    if len(row.roles) == 1:
        initial |= {"role": row.roles[0].role, "directorate": row.roles[0].directorate_id}
    form = InvitationForm(data, term=term, initial=initial)
    if len(row.roles) != 1:  # compared as the list says them
        form.fields["role"] = forms.CharField(initial=role_names(row.roles), label=form.fields["role"].label)
    make_readonly(form, form.fields)
    return form


def invite(term: Term, *, by: User, form: InvitationForm) -> None:
    invitations.invite_by_name(**form.cleaned_data, by=by, term=term)


class InvitationsConfirmForm(StyledForm):
    """Form that says what leaves: nothing does before the box is ticked."""

    agreed = forms.BooleanField(
        label=gettext_lazy("Inviter ces personnes maintenant : chacune reçoit un courriel, ou une lettre à imprimer.")
    )

    def clean(self) -> dict[str, Any]:
        """Return no data: the box is ticked, or the form is in error."""
        super().clean()
        return {}


ACCOUNT_ROWS = EntryRows(
    fields={name: InvitationForm.base_fields[name].label for name in InvitationForm.field_order},
    required=("first_name", "last_name", "role"),
    form=account_form,
    create=invite,
    rows=account_rows,
    identity=("email", "last_name", "first_name"),
    named_by=("last_name", "first_name"),
    identity_of=lambda row: [row.email, row.person.last_name, row.person.first_name],
    headers={"email": [gettext_lazy("Adresse")], "role": [gettext_lazy("Rôles")]},
)
ACCOUNTS_FILE = ImportPages(
    app="imports",
    kind=ACCOUNTS,
    rule=can_invite,
    rows=ACCOUNT_ROWS,
    example_in="last_name",
    confirm_form=InvitationsConfirmForm,
    title=gettext_lazy("Importer des personnes à inviter"),
    above=gettext_lazy("Équipe et rôles"),
    list_route="institution:people",
    added=gettext_lazy("Personnes invitées"),
    model=gettext_lazy("modele equipe"),
    count=lambda n: ngettext("Inviter %(n)s personne", "Inviter %(n)s personnes", n) % {"n": n},
    most_rows=500,
    file_note=gettext_lazy("Personne n’est invité avant votre confirmation."),
    prefix="account-",
)
