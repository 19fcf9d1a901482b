"""Second chapter: read by the directorates, made one text."""

import re

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assembly.collab.document import recommendations
from assembly.collab.queries import tree_of
from opinions.checks import actions as checks
from opinions.models import OpinionState, Recommendation, RecommendationState, ServicesCheckState
from tests.e2e.opinion_story.cast import CARE, GROUPS, KEPT, MOVE, TEN, TWICE, TYPED, as_it_is, done, follow, where
from tests.e2e.test_coediting import shot

S = OpinionState


def ask_directorates(cast, watch, opinion, places):
    """The officer asks the directorates that the question names; their contacts are told."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Demander la lecture des directions").click()
    asked = {place.row.name for place in places}
    for name in cast.referral.directorates.values_list("directorate__name", flat=True):
        box = desk.get_by_label(name, exact=True)
        expect(box).to_be_checked()
        if name not in asked:
            box.uncheck()
    shot(desk, "demander-lecture")
    desk.get_by_role("button", name="Demander la lecture").click()
    done(desk)
    watch.wrote("opinion.services_asked", "opinion.numbered", "check.asked*2")
    watch.told("des préconisations attendent vos notes", cast.emails(*(place.contact for place in places)))


def note_all(cast, watch, opinion, place):
    """The contact notes recommendations, the next one coming by itself; the approver gives the visa."""
    desk, head = cast.rooms.enter(place.contact), cast.rooms.enter(place.approver)
    count = Recommendation.objects.filter(opinion=opinion).count()
    follow(desk, place.contact.person, "des préconisations attendent vos notes", where("check", place.request().pk))
    shot(desk, "lecture")
    desk.locator("main ol.rows a").first.click()
    for number in range(2):
        if number == 0:
            desk.get_by_label("Vos remarques").fill("Trois lignes sur cinq le permettent.")
            shot(desk, "noter")
        desk.locator("[name=competence]").select_option("yes")
        desk.locator("[name=feasibility]").select_option("conditions" if number == 0 else "as_is")
        desk.get_by_role("button", name="Enregistrer la note").click()
        done(desk)
    note_the_rest(opinion, place)
    desk.goto(where("check", place.request().pk))
    expect(desk.locator(".now")).to_contain_text(f"{count} préconisations notées sur {count}")
    desk.get_by_role("link", name="Envoyer au visa").click()
    desk.get_by_role("button", name="Envoyer au visa").click()
    done(desk)
    assert place.request().state == ServicesCheckState.SUBMITTED
    head.goto(reverse("portal:directorate-home"))
    head.get_by_role("link", name=re.compile("À viser, notes sur l’avis")).first.click()
    head.get_by_role("link", name="Lire et viser").click()
    head.get_by_role("button", name="Donner mon visa et rendre les notes").click()
    done(head, "rendues")
    assert place.request().state == ServicesCheckState.VALIDATED
    watch.wrote(f"check.noted*{count}", "check.submitted", "check.validated")


def note_the_rest(opinion, place):
    request = place.request()
    request.opinion = opinion
    for row in Recommendation.objects.filter(opinion=opinion).exclude(notes__request=request):
        checks.save(request, row, {"competence": "yes", "feasibility": "as_is"}, version=0, by=place.contact)


def wait_no_longer(cast, watch, opinion, place):
    """The other directorate does not answer: the officer closes its reading, and says why."""
    desk = cast.desk
    desk.goto(where("checks", opinion.pk))
    expect(desk.locator("main")).to_contain_text("Trois lignes sur cinq le permettent.")
    shot(desk, "directions")
    desk.get_by_role("link", name=f"Clore {place.row.name}").click()
    desk.get_by_label("Pourquoi ?").fill("Elle n’est pas concernée.")
    desk.get_by_role("button", name="Clore la lecture").click()
    done(desk)
    watch.wrote("check.closed")
    watch.told_nobody()


def unite(cast, watch, opinion):
    """One text, where every author keeps their passages; each recommendation has its reference for ever."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Réunir les textes").click()
    as_it_is(desk)
    desk.get_by_role("button", name="Réunir les textes").click()
    done(desk)
    opinion.refresh_from_db()
    assert opinion.state == S.CONSOLIDATED
    rows = Recommendation.objects.filter(opinion=opinion).order_by("number")
    year = timezone.localdate().year
    assert opinion.reference == f"{opinion.term.code}-{year}-01"
    assert [row.reference for row in rows] == [f"{opinion.reference}-P{number:02d}" for number in range(1, TEN + 2)]
    assert set(rows.values_list("section__title", flat=True)) == set(GROUPS)
    watch.wrote("opinion.consolidated", "text.created", "text.frozen*2", "opinion.numbered")
    watch.told_nobody()


def arrange(cast, watch, opinion):
    """Themes, three priorities, and two that say the same become one, whose origin is kept."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name=re.compile("Préconisations")).first.click()
    desk.get_by_label(f"Thème de « {KEPT} »").fill("Transports")
    for title in (TYPED[MOVE], KEPT, TYPED[CARE]):
        desk.get_by_label(f"« {title} » est prioritaire").check()
    shot(desk, "preconisations")
    desk.get_by_role("button", name="Enregistrer", exact=True).click()
    done(desk)
    desk.get_by_role("link", name=f"Réunir « {TWICE} »").click()
    number = Recommendation.objects.get(opinion=opinion, title=KEPT).number
    desk.locator("[name=target]").select_option(label=f"{number}. {KEPT}")
    desk.get_by_role("button", name="Réunir les deux").click()
    done(desk, "réunies")
    one, gone = (Recommendation.objects.get(opinion=opinion, title=title) for title in (KEPT, TWICE))
    expect(desk.locator("main")).to_contain_text(f"réunie avec\u00a0{gone.reference}".replace("\u00a0", " "))
    shot(desk, "preconisations-reunies")
    assert (gone.state, gone.merged_into, gone.section.title) == (RecommendationState.MERGED, one, CARE)
    active = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE).order_by("number")
    assert [row.number for row in active] == list(range(1, TEN + 1))
    assert gone.reference not in set(active.values_list("reference", flat=True))
    opinion.text.refresh_from_db()
    titles = [found.title for found in recommendations.read_all(tree_of(opinion.text))]
    assert titles == list(active.values_list("title", flat=True))
    assert active.filter(is_priority=True).count() == 3
    watch.wrote("opinion.worked", "opinion.merged", "opinion.numbered", "text.version_taken")
    watch.told_nobody()
