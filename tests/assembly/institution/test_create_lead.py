"""The very first lead, made by command on an empty installation."""

import pytest
from django.core.management import CommandError, call_command

from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.institution import rules
from assembly.institution.models import Assembly, RoleAssignment, Term

pytestmark = pytest.mark.django_db


def test_an_empty_installation_gets_an_assembly_a_term_and_a_lead(capsys):
    call_command("create_lead", "Nadia.Faure@example.org", "--first-name", "Nadia", "--last-name", "Fauré")
    user = User.objects.get()
    assert user.email == "nadia.faure@example.org"
    assert rules.is_lead(user, Term.objects.get())
    assert Assembly.objects.count() == 1
    assert set(Entry.objects.values_list("event_type", flat=True)) == {
        "assembly.created",
        "term.created",
        "account.created",
        "role.given",
    }
    assert "compte/connexion" in capsys.readouterr().out


def test_asked_twice_it_does_the_same_once():
    for _ in range(2):
        call_command("create_lead", "nadia@example.org")
    assert (User.objects.count(), RoleAssignment.objects.count(), Assembly.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("option", "kept"), [("--assembly", "Assemblée citoyenne du Gers"), ("--authority", "Département du Gers")]
)
def test_another_name_for_an_assembly_that_exists_is_refused_and_nobody_gets_a_role(option, kept):
    names = ("--assembly", "Assemblée citoyenne du Gers", "--authority", "Département du Gers")
    call_command("create_lead", "nadia@example.org", *names)
    with pytest.raises(CommandError, match=f"« {kept} » : {option} ne sert qu’à la création"):
        call_command("create_lead", "paul@example.org", option, "Une autre")
    assert User.objects.count() == 1
    call_command("create_lead", "paul@example.org", *names)
    assert RoleAssignment.objects.count() == 2


def test_a_word_that_is_no_address_is_refused():
    with pytest.raises(CommandError, match="pas une adresse"):
        call_command("create_lead", "nadia")
