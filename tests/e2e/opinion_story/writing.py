"""First chapter: planned, written together by two groups, validated by each."""

import re

from django.urls import reverse
from playwright.sync_api import expect

from assembly.collab import mails as collab
from assembly.collab.document import plain_text, recommendations
from assembly.collab.models import Comment, Suggestion, SuggestionState
from assembly.collab.queries import tree_of
from opinions.models import Opinion, OpinionState
from tests.e2e.coediting import TEXT, choose, saved
from tests.e2e.opinion_story.cast import (
    BROUGHT,
    CARE,
    GROUPS,
    MOVE,
    QUESTION,
    TITLE,
    TYPED,
    as_it_is,
    done,
    follow,
    section_of,
    state_of,
    where,
    word_file,
)
from tests.e2e.test_coediting import shot
from tests.e2e.test_referral_story import next_morning

S = OpinionState


def plan(cast, watch):
    """The officer asks for the plan, which comes from the groups, names who reports, hands out the texts."""
    desk = cast.desk
    desk.goto(where("list"))
    desk.get_by_role("link", name="Préparer un avis").first.click()
    desk.locator("[name=referral]").select_option(label=f"{QUESTION} {TITLE}")
    desk.get_by_label("Titre de l’avis").fill(TITLE)
    desk.get_by_role("button", name="Proposer le plan").click()
    done(desk, "Le plan de l’avis est proposé")
    for title in GROUPS:
        expect(desk.locator("textarea").filter(has_text=title)).to_be_visible()
    shot(desk, "plan")
    opinion = Opinion.objects.get(referral=cast.referral)
    watch.wrote("opinion.created")
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Modifier", exact=True).click()
    desk.locator("[name=rapporteur]").select_option(label="Joël Fontan")
    desk.get_by_role("button", name="Enregistrer").click()
    done(desk)
    watch.wrote("opinion.changed")
    watch.told_nobody()
    desk.get_by_role("link", name="Confier les textes").first.click()
    expect(desk.locator(".question")).to_contain_text("4 membres reçoivent un message.")
    desk.get_by_role("button", name="Confier les textes").click()
    done(desk, "Les textes sont confiés")
    watch.wrote("opinion.opened", "text.created*2")
    watch.told("un texte vous est confié", cast.emails("maryse", "joel", "nadia", "hugo"))
    return opinion


def open_text(cast, who, title):
    """From the mail or from the room of members: the opinion, then the text of a group."""
    page = cast.page(who)
    page.goto(where("my-list"))
    page.get_by_role("link", name=TITLE, exact=True).click()
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.locator(TEXT)).to_be_visible()
    return page


CURSOR_IS_IN = """(place) => {
  const { editor } = document.querySelector('#coedit-text')
  return editor.isFocused && place.contains(editor.view.domAtPos(editor.state.selection.head).node)
}"""


def tap(page, place):
    """Tap there, and check the position of the cursor before typing."""
    for pause in range(20):
        place.click()
        page.wait_for_timeout(pause * 5)
        if place.evaluate(CURSOR_IS_IN):
            return
    raise AssertionError("the cursor does not come")


def fill_in(page, title="", **answers):
    """Write in the first recommendation of a text: its title key by key, some of its six answers at once."""
    sheet = page.locator(f"{TEXT} section").first
    if title:
        tap(page, sheet.locator("h3"))
        page.keyboard.type(title)
    for prompt, answer in answers.items():
        tap(page, sheet.locator(f"dl[data-prompt={prompt}] dd p"))
        page.keyboard.insert_text(answer)


def write_together(cast, opinion):
    """Two members fill in one recommendation at the same time; a member of the other group fills in theirs."""
    follow(cast.page("maryse"), cast["maryse"].person, "un texte vous est confié", where("my-opinion", opinion.pk))
    one = open_text(cast, "maryse", MOVE)
    two = open_text(cast, "joel", MOVE)
    expect(one.locator("[data-assembly-people]")).to_contain_text("Joël Fontan")
    expect(one.locator(".coedit-head, main").first).to_contain_text(MOVE)
    fill_in(one, TYPED[MOVE], problem="Le dernier bus part à 19 h.", proposal="Un bus à 21 h, chaque soir.")
    fill_in(two, audience="Les élèves et les salariés du soir.", decider="Le Département, avec la Région.")
    tap(two, two.locator(f"{TEXT} > p").first)
    two.keyboard.insert_text("Sans voiture, une personne sur trois renonce à sortir le soir.")
    fill_in(one, means="Trois départs de plus par ligne.")
    fill_in(two, measure="Le nombre de voyages du soir double.")
    saved(one, two)
    expect(one.locator(TEXT)).to_contain_text("renonce à sortir le soir.")
    expect(two.locator(TEXT)).to_contain_text("Trois départs de plus par ligne.")
    three = open_text(cast, "nadia", CARE)
    fill_in(
        three,
        TYPED[CARE],
        problem="Le médecin est à 40 minutes.",
        proposal="Un bus qui vient avec un infirmier, deux jours par mois.",
        audience="Les personnes âgées.",
        decider="Le Département.",
        means="Un véhicule et deux infirmiers.",
        measure="Douze villages sont visités.",
    )
    tap(three, three.locator(f"{TEXT} > p").first)
    three.keyboard.insert_text("Les soins sont loin.")
    saved(three)
    shot(one, "ecrire")
    shot(three, "ecrire-seule")
    sheet = recommendations.read_all(tree_of(section_of(opinion, MOVE).text))[0]
    assert sheet.title == TYPED[MOVE]
    assert all(sheet.fields.values())


def bring_in(cast, opinion, title):
    """What a group wrote before in Word: the officer reads what is kept, then takes it up; writers see it come."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Papiers").click()
    desk.get_by_role("link", name=re.compile(f"Reprendre un fichier Word.*{title}")).click()
    file = word_file(title)
    desk.locator("[name=file]").set_input_files(
        {"name": file.name, "mimeType": file.content_type, "buffer": file.content}
    )
    desk.get_by_role("button", name="Voir ce qui sera repris").click()
    expect(desk.locator("main")).to_contain_text(f"{len(BROUGHT[title])}\u00a0préconisations")
    shot(desk, "reprise")
    desk.get_by_role("button", name="Reprendre ce texte").click()
    done(desk, "Le fichier est repris")


def propose(cast, opinion):
    """A member of another group proposes other words; the lead of the group cannot validate before they decide."""
    other = open_text(cast, "nadia", MOVE)
    expect(other.locator("main")).to_contain_text("Vous proposez.")
    choose(other, "une personne sur trois")
    other.keyboard.type("un habitant sur trois")
    saved(other)
    expect(other.locator(f"{TEXT} ins")).to_have_text("un habitant sur trois")
    shot(other, "proposer")
    assert "une personne sur trois" in plain_text.to_text(tree_of(section_of(opinion, MOVE).text))
    lead = cast.page("maryse")
    lead.goto(where("my-opinion", opinion.pk))
    lead.get_by_role("link", name="Valider le texte du groupe").click()
    expect(lead.locator("main")).to_contain_text("1 proposition attend une décision")
    expect(lead.get_by_role("button", name="Valider le texte", disabled=False)).to_have_count(0)


def comments_of(page):
    """Return the list of comments and proposals, whose sheet is opened on a phone."""
    if not page.locator("#a-cote").is_visible():
        page.get_by_role("button", name="Commentaires", exact=True).click()
    return page.locator("#a-cote")


def decide(cast, watch, opinion):
    """A writer accepts; on the morning of the next day the author is told."""
    lead = open_text(cast, "maryse", MOVE)
    beside = comments_of(lead)
    expect(beside).to_contain_text("Nadia Ferran")
    beside.get_by_role("button", name="Accepter", exact=True).click()
    expect(beside).to_contain_text("Aucune proposition n’attend.")
    expect(lead.locator(f"{TEXT} ins")).to_have_count(0)
    assert "un habitant sur trois" in plain_text.to_text(tree_of(section_of(opinion, MOVE).text))
    suggestion = Suggestion.objects.get()
    assert (suggestion.state, suggestion.author, suggestion.decided_by) == (
        SuggestionState.ACCEPTED,
        cast["nadia"],
        cast["maryse"],
    )
    watch.wrote("suggestion_mark.accepted")


def comment(cast, watch):
    """A member of no group comments a passage on her telephone; a writer answers and closes."""
    page = open_text(cast, "lucie", MOVE)
    choose(page, "chaque soir")
    page.get_by_role("button", name="Commenter").click()
    form = page.locator("[data-assembly-comment]")
    form.get_by_role("textbox").fill("Le dimanche aussi ?")
    form.get_by_role("button", name="Envoyer le commentaire").click()
    expect(page.locator("#a-cote")).to_contain_text("Le dimanche aussi ?")
    shot(page, "commenter")
    lead = cast.page("maryse")
    beside = comments_of(lead)
    expect(beside).to_contain_text("Le dimanche aussi ?")
    beside.get_by_text("Répondre", exact=False).first.click()
    beside.get_by_label("Votre réponse").fill("Oui, tous les soirs.")
    beside.get_by_role("button", name="Envoyer la réponse").click()
    expect(beside).to_contain_text("Oui, tous les soirs.")
    beside.get_by_role("button", name="C’est réglé").click()
    expect(beside).to_contain_text("1 commentaire réglé")
    assert Comment.objects.count() == 2
    watch.wrote("text_thread.opened", "text_thread.replied", "text_thread.resolved")
    watch.told_nobody()
    collab.send_all(next_morning())
    watch.told("que vous écrivez avec d’autres", cast.emails("nadia", "lucie"))


def validate(cast, watch, opinion):
    """One group by consent, from the first screen of its lead; the other by a show of hands."""
    lead = cast.page("maryse")
    lead.goto(reverse("portal:member-home"))
    lead.get_by_role("link", name="Valider le texte").first.click()
    as_it_is(lead)
    lead.get_by_role("button", name="Valider le texte").click()
    done(lead)
    watch.wrote("section.validated", "text.version_taken", "text.annotating")
    watch.told("un groupe a validé son texte", cast.emails(cast.officer))
    assert state_of(opinion) == S.DRAFTING
    other = cast.page("nadia")
    other.goto(where("my-opinion", opinion.pk))
    other.get_by_role("link", name="Valider le texte du groupe").click()
    other.locator("[name=mode][value=vote]").check()
    for name, count in (("votes_for", 2), ("votes_against", 0), ("abstentions", 0)):
        other.locator(f"[name={name}]").fill(str(count))
    shot(other, "valider")
    as_it_is(other)
    other.get_by_role("button", name="Valider le texte").click()
    done(other)
    watch.wrote("section.validated", "text.version_taken", "text.annotating", "opinion.validated")
    watch.told("un groupe a validé son texte", cast.emails(cast.officer))
    assert state_of(opinion) == S.GROUP_VALIDATED
    expect(other.locator("main")).to_contain_text("pour 2, contre 0, abstention 0")
