"""Amendments in a browser: proposed on a phone in few steps; in the long run, the pages of a sitting."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from opinions.amending.changes import Operation
from opinions.models import Amendment, AmendmentState, OpinionState, ViewStance
from tests.e2e.accessibility import assert_usable
from tests.e2e.test_accessibility import keep_picture
from tests.factories.amendments import AmendmentCosignerFactory, AmendmentFactory, said
from tests.factories.opinions import MinorityPositionFactory, OpinionFactory
from tests.live import DESK, PHONE
from tests.opinions.amendments.debated_opinion import amending, in_sitting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
A = AmendmentState


def test_an_amendment_is_proposed_on_a_phone_in_eight_steps(open_context, site, sign_in, people):
    """Without script, by the form: eight taps and fields from the page of the amendments."""
    opinion = amending(people)
    context = open_context(viewport=PHONE, java_script_enabled=False)
    sign_in(context, people["member"])
    page = context.new_page()
    page.goto(site + reverse("opinions:my-amendments", args=[opinion.pk]))
    page.get_by_role("link", name="Proposer un amendement").click()
    keep_picture(page, "my-amend-text")
    page.get_by_role("link", name="Amender l’alinéa 2").click()
    expect(page.get_by_role("main")).to_contain_text("Des habitants vivent seuls.")
    page.get_by_label("Remplacer").check()
    page.get_by_label("Les mots à changer").fill("vivent seuls")
    page.get_by_label("Le nouveau texte").fill("sont isolés")
    page.get_by_label("Pourquoi ?").fill("Le mot est plus juste.")
    keep_picture(page, "my-amend")
    page.get_by_role("button", name="Relire mon amendement").click()
    keep_picture(page, "my-amend-check")
    page.get_by_role("button", name="Déposer mon amendement").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Amendement n°")
    keep_picture(page, "my-amendment")
    assert Amendment.objects.get().state == A.SUBMITTED


def crowd(opinion, member):
    """Make amendments of every kind, in every state that a sitting shows."""
    deleted = AmendmentFactory(opinion=opinion, state=A.ADMISSIBLE, deletion=True, number=1)
    AmendmentFactory(
        opinion=opinion,
        state=A.RAPPORTEUR_VIEW,
        inside=True,
        number=2,
        view_stance=ViewStance.UNFAVOURABLE,
        view_text="Le mot « seuls » est celui des personnes entendues.",
        author=member,
    )
    long = [
        said("Il propose une visite chaque mois aux personnes qui le demandent."),
        {
            "type": "bulletList",
            "content": [
                {"type": "listItem", "content": [said(words)]} for words in ("par un agent", "ou par une association")
            ],
        },
    ]
    parent = AmendmentFactory(opinion=opinion, state=A.DEBATED, number=3, content=long)
    AmendmentFactory(
        opinion=opinion,
        state=A.ADMISSIBLE,
        number=4,
        parent=parent,
        operation=Operation.REPLACE,
        alinea_from=1,
        quote="chaque mois",
        new_text="chaque semaine",
        content=[],
    )
    AmendmentFactory(
        opinion=opinion,
        state=A.ADOPTED,
        number=5,
        operation=Operation.REPLACE,
        alinea_from=1,
        content=[said("Ce que nous avons vu")],
    )
    AmendmentFactory(opinion=opinion, state=A.REJECTED, number=6, alinea_from=16, content=[said("Rien de plus.")])
    AmendmentFactory(opinion=opinion, state=A.FELL, number=7, fell_because=None)
    AmendmentFactory(opinion=opinion, state=A.SUBMITTED, number=8, on_paper=True, author=member)
    AmendmentCosignerFactory(amendment=deleted, signed=True)
    AmendmentCosignerFactory(
        amendment__opinion=opinion, amendment__number=9, amendment__state=A.ADMISSIBLE, person=member
    )
    return parent


@pytest.mark.long
def test_the_pages_of_a_sitting_are_usable(open_context, site, sign_in, people):
    opinion = in_sitting(people, rapporteur=people["member"].person)
    parent = crowd(opinion, people["member"].person)
    adopted = OpinionFactory(term=people.term, state=OpinionState.ADOPTED, officer=people["officer"])
    position = MinorityPositionFactory(opinion=adopted, author=people["member"], submitted=True)
    pages = {
        "officer": [
            ("amendments", opinion.pk), ("amendment", parent.pk), ("amendments-booklet", opinion.pk),
            ("amendment-record", opinion.pk), ("amended-text", opinion.pk), ("positions", adopted.pk),
            ("position-record", adopted.pk),
        ],
        "member": [
            ("my-amendments", opinion.pk), ("my-rapporteur", opinion.pk), ("my-positions", adopted.pk),
            ("my-position", position.pk), ("position-new", adopted.pk),
        ],
    }  # fmt: skip
    for who, names in pages.items():
        context = open_context(viewport=DESK)
        sign_in(context, people[who])
        page = context.new_page()
        for name, pk in names:
            page.set_viewport_size(DESK)
            page.goto(site + reverse(f"opinions:{name}", args=[pk]))
            keep_picture(page, name)
            assert_usable(page)
        if who == "officer":
            page.set_viewport_size(DESK)
            page.goto(site + reverse("opinions:amendment-step", args=[parent.pk, "voter"]))
            keep_picture(page, "amendment-step-voter")
            assert_usable(page)
