"""Roles, suspension, hand-over: the lead's affair, never on oneself."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.institution import registry, rules
from assembly.institution.actions import roles
from assembly.institution.models import Role, RoleAssignment
from assembly.institution.registry import add_open_dossiers
from tests.factories.institution import RoleAssignmentFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role)
def test_only_the_lead_gives_a_role_and_never_to_oneself(role, people):
    for user in (people["stranger"], people[role]):
        if role == Role.LEAD and user is people["stranger"]:
            roles.give(user, Role.OFFICER, by=people[role], term=people.term)
            assert rules.is_team(user, people.term)
        else:
            with pytest.raises(PermissionDenied):
                roles.give(user, Role.ADMIN, by=people[role], term=people.term)


def test_given_twice_a_role_is_held_once(people):
    for _ in range(2):
        roles.give(people["stranger"], Role.DPO, by=people["lead"], term=people.term)
    assert people["stranger"].roles.count() == 1
    assert Entry.objects.filter(event_type="role.given").count() == 1


def test_a_role_ended_opens_nothing_more_at_once(signed_in, people):
    browser = signed_in("officer")
    assert browser.get(reverse("portal:desk-home")).status_code == 200
    roles.end(people["officer"].roles.get(), by=people["lead"])
    assert browser.get(reverse("portal:desk-home")).status_code in {302, 403}


def test_the_lead_keeps_the_last_lead(people):
    own = people["lead"].roles.get()
    with pytest.raises(PermissionDenied):
        roles.end(own, by=people["lead"])
    with pytest.raises(PermissionDenied):
        roles.end(own, by=people.elsewhere("lead"))


@pytest.mark.parametrize("role", Role)
def test_only_the_lead_suspends_and_never_oneself(role, people):
    target = RoleAssignmentFactory(term=people.term).user
    assert rules.can_suspend(people[role], target, people.assembly) is (role == Role.LEAD)
    assert not rules.can_suspend(people["lead"], people["lead"], people.assembly)
    assert not rules.can_suspend(people["lead"], people.elsewhere("officer"), people.assembly)
    assert not rules.can_suspend(people.elsewhere("lead"), target, people.assembly)


def test_suspension_and_return_from_the_screen(signed_in, people):
    browser, agent = signed_in("lead"), signed_in("officer")
    pk = people["officer"].pk
    assert browser.get(reverse("institution:suspend", args=[pk])).status_code == 200
    browser.post(reverse("institution:suspend", args=[pk]), {"reason": "départ"})
    assert not User.objects.get(pk=pk).is_active
    assert agent.get(reverse("identity:account")).status_code == 302
    page = browser.get(reverse("institution:person", args=[pk])).content.decode()
    assert "a suspendu l’accès" in page
    assert "départ" in page
    browser.post(reverse("institution:reactivate", args=[pk]))
    assert User.objects.get(pk=pk).is_active


def test_a_stale_session_proves_itself_before_a_sensitive_act(signed_in, people):
    browser = signed_in("lead")
    session = browser.session
    session["account_authentication_methods"][0]["at"] -= 3600
    session.save()
    response = browser.post(reverse("institution:role-give", args=[people["officer"].pk]), {"role": "facilitator"})
    assert response.headers["Location"].startswith(reverse("mfa_reauthenticate"))
    assert not rules.is_facilitator(people["officer"], people.term)


def test_roles_from_the_screen(signed_in, people):
    browser, user = signed_in("lead"), people["officer"]
    refused = browser.post(reverse("institution:role-give", args=[user.pk]), {"role": "dir_contact"})
    assert refused.status_code == 422
    assert "Choisissez la direction" in refused.content.decode()
    browser.post(reverse("institution:role-give", args=[user.pk]), {"role": "facilitator"})
    held = RoleAssignment.objects.get(user=user, role=Role.FACILITATOR)
    browser.post(reverse("institution:role-end", args=[held.pk]))
    held.refresh_from_db()
    assert held.ended_at is not None
    page = browser.get(reverse("institution:person", args=[user.pk])).content.decode()
    assert "Rôles passés" in page


def test_open_files_pass_to_a_colleague_in_one_step(signed_in, people, monkeypatch):
    moves = []
    monkeypatch.setattr(registry, "_registered", {})
    add_open_dossiers(
        registry.OpenDossiers(
            "sittings", "séances", lambda user, term: 3, lambda a, b, term, by: moves.append((a, b)) or 3
        )
    )
    add_open_dossiers(registry.OpenDossiers("none", "saisines", lambda user, term: 0, lambda a, b, term, by: 1 / 0))
    colleague = RoleAssignmentFactory(term=people.term).user
    browser = signed_in("lead")
    url = reverse("institution:hand-over", args=[people["officer"].pk])
    assert "3 séances" in browser.get(url).content.decode()
    browser.post(url, {"to": colleague.pk})
    assert moves == [(people["officer"], colleague)]
    assert Entry.objects.get(event_type="files.handed_over").facts == {"to": colleague.pk, "moved": {"sittings": 3}}


def test_files_pass_to_the_team_only(people):
    with pytest.raises(PermissionDenied):
        roles.hand_over(people["officer"], people["member"], by=people["lead"], term=people.term)
    with pytest.raises(PermissionDenied):
        roles.hand_over(people["officer"], people["lead"], by=people["officer"], term=people.term)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(count, signed_in, people, django_assert_num_queries):
    RoleAssignmentFactory.create_batch(count, term=people.term)
    browser = signed_in("lead")
    browser.get(reverse("institution:people"))
    with django_assert_num_queries(7):
        browser.get(reverse("institution:people"))


def test_nothing_of_another_assembly_is_listed(signed_in, people):
    other = people.elsewhere("officer")
    browser = signed_in("lead")
    assert other.person.full_name not in browser.get(reverse("institution:people")).content.decode()
    assert browser.get(reverse("institution:person", args=[other.pk])).status_code == 404
    csv = browser.get(reverse("institution:people-export")).content.decode("utf-8-sig")
    assert other.email not in csv
    assert people["lead"].email in csv
    one_role = browser.get(reverse("institution:people-export"), {"role": "lead"}).content.decode("utf-8-sig")
    assert one_role.splitlines()[0] == "Nom;Prénom;Qualité;Adresse;Rôles;Accès"
    assert [people["lead"].email in line for line in one_role.splitlines()[1:] if line[0] != "#"] == [True]
