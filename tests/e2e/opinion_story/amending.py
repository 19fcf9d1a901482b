"""Third chapter: tabled, amended by members, frozen when the window closes."""

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assembly.collab.document import plain_text
from opinions.adoption.actions import voting
from opinions.amendments import actions as amendments, mails as news
from opinions.amendments.queries import base_version, full
from opinions.amendments.workflow import AMENDMENT
from opinions.models import Amendment, AmendmentState, Opinion, OpinionState, OpinionVersion, VersionKind
from tests.e2e.opinion_story.cast import NAMES, TITLE, as_it_is, done, state_of, where
from tests.e2e.test_coediting import shot
from tests.e2e.test_referral_story import next_morning
from tests.factories.sessions import SittingFactory
from tests.live import PHONE

S, A = OpinionState, AmendmentState


FIELDS = {"quote": "Les mots à changer", "new": "Le nouveau texte", "why": "Pourquoi ?"}
LINE, OTHER_LINE, MEASURE = "un habitant sur trois", "Les soins sont loin.", "Douze villages sont visités."
NEW = "une habitante ou un habitant sur trois"


def table(cast, watch, opinion):
    """Put on the agenda of the plenary with its vote; everybody is told; the plenary is convened."""
    desk = cast.desk
    sitting = SittingFactory(
        term=cast.people.term,
        title="Plénière de printemps",
        chair=cast["jeanne"].person,
        officer=cast.officer,
        is_quorum_required=False,
    )
    watch.look()
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Déposer l’avis").first.click()
    expect(desk.get_by_label(re.compile("Plénière de printemps"))).to_be_checked()
    shot(desk, "deposer")
    as_it_is(desk)
    desk.get_by_role("button", name="Déposer l’avis").click()
    done(desk, "L’avis est déposé")
    opinion.refresh_from_db()
    assert (opinion.state, opinion.tabled_sitting) == (S.AMENDING, sitting)
    watch.wrote(
        "opinion.numbered", "opinion.tabled", "opinion.amendments_opened", "text.frozen",
        "agenda.item_added", "ballot.prepared",
    )  # fmt: skip
    watch.told("l’avis est déposé", cast.emails(*NAMES, *cast.offices))
    desk.goto(reverse("sittings:notify", args=[sitting.pk]))
    expect(desk.locator("main")).to_contain_text(f"Avis : {TITLE}".replace(" :", "\u00a0:"))
    desk.get_by_role("button", name=f"Convoquer {len(NAMES)} personnes").click()
    done(desk)
    watch.told("convocation", cast.emails(*NAMES))
    watch.look()
    assert OpinionVersion.objects.get(opinion=opinion).kind == VersionKind.TABLED
    return sitting


def passage(phone, opinion, line):
    """Open the tabled text on a phone, and the link of the alinéa with this text."""
    phone.goto(where("my-opinion", opinion.pk))
    phone.get_by_role("link", name="Amender, voir les amendements").click()
    phone.get_by_role("link", name="Proposer un amendement").click()
    phone.locator("li.alinea", has_text=line).get_by_role("button").click()
    phone.get_by_role("link", name="Plutôt le formulaire").click()


def amend(cast, who, opinion, line, how, **words_of_it):
    """Propose an amendment as a member on a phone, check it and submit it."""
    phone = cast.page(who)
    passage(phone, opinion, line)
    phone.get_by_label(how, exact=True).check()
    for label, value in words_of_it.items():
        phone.get_by_label(FIELDS[label]).fill(value)
    phone.get_by_role("button", name="Relire mon amendement").click()
    phone.get_by_role("button", name="Déposer mon amendement").click()
    done(phone, "Votre amendement est déposé")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    return Amendment.objects.latest("submitted_at")


def whole(amendment):
    return full(Amendment.objects.all()).get(pk=amendment.pk)


def amend_too(user, opinion, line, operation, **words_of_it):
    """Take the same steps as on the phone, without a browser."""
    place = next(row.number for row in plain_text.alineas(base_version(opinion).tree) if line in row.text)
    values = {"alinea_from": place, "alinea_to": place, "operation": operation}
    draft = amendments.save(opinion, by=user, **values, **words_of_it)
    amendments.submit(whole(draft), by=user)
    draft.refresh_from_db()
    return draft


def record_for(cast, watch, opinion):
    """What Jeanne wrote on paper is keyed in; she confirms from her first screen."""
    desk = cast.desk
    alinea = next(row.number for row in plain_text.alineas(base_version(opinion).tree) if row.text == OTHER_LINE)
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Amendements", exact=True).click()
    desk.get_by_role("link", name="Saisir un amendement reçu").click()
    desk.locator("[name=author]").select_option(label="Jeanne Vidal")
    desk.locator("[name=via][value=paper]").check()
    desk.locator("[name=alinea_from]").fill(str(alinea))
    desk.get_by_label("Ajouter après", exact=True).check()
    desk.locator("[name=typed]").fill("Le médecin est parti.")
    desk.locator("[name=reason]").fill("Tout le monde le dit.")
    shot(desk, "saisir")
    desk.get_by_role("button", name="Enregistrer l’amendement").click()
    done(desk)
    watch.wrote("amendment.recorded")
    phone = cast.page("jeanne")
    phone.goto(reverse("portal:member-home"))
    phone.get_by_role("link", name=re.compile("Confirmer l’amendement")).first.click()
    expect(phone.locator("main")).to_contain_text("Le médecin est parti.")
    phone.get_by_role("button", name="Oui, c’est bien cela").click()
    done(phone)
    watch.wrote("amendment.confirmed")
    return Amendment.objects.get(via="paper")


def check_form(cast, watch, opinion, submitted):
    """The officer opens the next one to check; nothing is said of the substance."""
    desk = cast.desk
    desk.goto(where("amendments", opinion.pk))
    desk.get_by_role("link", name=re.compile("^Ouvrir l’amendement")).click()
    desk.get_by_role("link", name="Déclarer recevable").click()
    desk.get_by_role("button", name="Déclarer recevable").click()
    done(desk)
    for one in full(Amendment.objects.filter(state=A.SUBMITTED)):
        AMENDMENT.transition(one, "admit", by=cast.officer)
    watch.wrote(f"amendment.admitted*{len(submitted)}")
    shot(desk, "amendement")


def withdraw(cast, watch, opinion, amendment):
    phone = cast.page("nadia")
    phone.goto(where("my-amendments", opinion.pk))
    phone.get_by_role("link", name=f"Amendement n°\u00a0{amendment.number}").first.click()
    phone.get_by_role("link", name="Retirer mon amendement").click()
    phone.get_by_role("button", name="Retirer mon amendement").click()
    done(phone)
    watch.wrote("amendment.withdrawn")


def give_views(cast, watch, opinion, admitted):
    """The rapporteur says what he recommends; authors are told the next morning."""
    phone = cast.page("joel")
    phone.goto(reverse("portal:member-home"))
    phone.get_by_role("link", name=f"Donner votre avis sur {len(admitted)} amendements").first.click()
    shot(phone, "rapporteur")
    first, *others = admitted
    phone.get_by_role("link", name=re.compile(f"Donner mon avis.*n°\\s{first.number}$")).click()
    phone.get_by_label("favorable", exact=True).check()
    phone.get_by_label("En quelques mots").fill("Le groupe en a parlé.")
    phone.get_by_role("button", name="Donner cet avis").click()
    done(phone)
    for one in full(Amendment.objects.filter(pk__in=[other.pk for other in others])):
        amendments.give_view(one, stance="unfavourable", text="Le groupe en a parlé.", by=cast["joel"])
    watch.wrote(f"amendment.viewed*{len(admitted)}")
    watch.told_nobody()
    news.send_all(next_morning())
    watch.told("avance", cast.emails("lucie", "hugo", "jeanne"))


def close_window(cast, watch, opinion):
    """The last evening goes by: the clock freezes the opinion; whoever comes too late reads so."""
    now = timezone.now()
    Opinion.objects.filter(pk=opinion.pk).update(
        amendments_open_at=now - timedelta(days=9), amendments_close_at=now - timedelta(hours=2)
    )
    voting.move_windows(now)
    assert state_of(opinion) == S.FROZEN
    watch.wrote("opinion.frozen")
    late = cast.page("hugo")
    late.goto(where("amendment-new", opinion.pk))
    expect(late.locator("main")).to_contain_text("fermé")
    assert late.get_by_label("Le nouveau texte").count() == 0
