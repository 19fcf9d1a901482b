"""A draw in a real browser: computed by the worker, read twice, sealed, attested, projected offline, replayed."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from draws.candidates.rules import entry_token
from draws.draws.queries import records
from draws.models import Draw, DrawState
from members.sortition import verifier
from opinions.models import OpinionSettings, OpinionState, Spokesperson
from tests.draws.inner import members
from tests.draws.stage import BALLS, DICE, draw_in, freeze, fresh, tried
from tests.e2e.accessibility import assert_usable
from tests.factories.members import MandateFactory
from tests.factories.opinions import OpinionFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
S = DrawState


def shot(page, name):
    """Keep a picture of the page at both widths when SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        before = page.viewport_size
        for width, size in (("1280", {"width": 1280, "height": 900}), ("390", PHONE)):
            page.set_viewport_size(size)
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size(before)


def step(page, draw, slug, button, **fields):
    page.goto(f"/bureau/tirages/{draw.pk}/etapes/{slug}/")
    for label, value in fields.items():
        page.locator(f"[name={label}]").fill(value)
    shot(page, f"etape-{slug}")
    page.get_by_role("button", name=button).click()


LONG = "Communauté-de-Saint-Bertrand-de-Comminge"  # forty signs
CLEAR = """() => {
  const [name] = [...document.querySelectorAll('.projection-canton h2')].filter((one) => one.checkVisibility());
  const words = document.createRange();
  words.selectNodeContents(name);
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  const seats = [...document.querySelectorAll('circle')].map((one) => one.getBoundingClientRect());
  // Boxes of the letters, without the space above and below them.
  const letters = [...words.getClientRects()].map(({ left, right, top, bottom, height }) => (
    { left, right, top: top + 0.2 * height, bottom: bottom - 0.2 * height }));
  return letters.every((line) => seats.every((seat) => apart(line, seat)));
}"""


def place_on_screen(page):
    """Return the seats drawn as announced, the sentence for screen readers, and the address."""
    return (
        page.locator("circle.announced, circle.current").count(),
        page.locator("[data-assembly-sentence]").inner_text(),
        page.url.partition("?")[2],
    )


def test_anybody_follows_the_draw_seat_by_seat(site, open_context, people):
    draw = draw_in(people, S.REVEALED)
    first, second = people.assembly.cantons.order_by("number")[:2]
    type(first).objects.filter(pk=first.pk).update(name=LONG)
    page = open_context(color_scheme="dark").new_page()
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"/tirages/{draw.reference}/")
    page.get_by_role("link", name="Revoir le tirage, siège par siège").click()
    expect(page.locator("[data-assembly-play]")).to_be_visible()
    assert place_on_screen(page) == (0, "4 sièges à attribuer.", "")
    assert_usable(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 250, 246)"

    page.context.set_offline(True)
    page.keyboard.press(" ")
    shown, sentence, address = place_on_screen(page)
    assert (shown, sentence.startswith(f"{LONG}, siège 1 sur 2"), address) == (1, True, "place=1")
    expect(page.locator(".projection-names:visible").get_by_text("deuxième siège…")).to_be_visible()
    assert page.evaluate(CLEAR)
    shot(page, "projection-long")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name=second.name)).to_be_visible()
    assert place_on_screen(page)[0] == 3
    page.keyboard.press("ArrowLeft")
    assert place_on_screen(page)[::2] == (2, "place=2")
    page.get_by_role("button", name="Lancer").click()
    expect(page.get_by_text("Siège 4 sur 4")).to_be_visible(timeout=5000)
    expect(page.get_by_role("button", name="Lancer")).to_be_visible()
    expect(page.get_by_role("link", name="Suivant")).to_be_hidden()
    page.keyboard.press("Home")
    assert place_on_screen(page)[::2] == (0, "")
    assert page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [
        1280,
        720,
    ]
    page.context.set_offline(False)

    page.set_viewport_size(PHONE)
    page.goto(f"/tirages/{draw.reference}/projection/?place=3")
    expect(page.get_by_role("heading", name="Déjà annoncés")).to_be_visible()
    expect(page.locator(".projection-before div:visible dt")).to_have_text([LONG])
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert_usable(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


STATE = """() => [
  ...[...document.querySelectorAll('circle')].map((seat) => seat.getAttribute('class').split(' ').sort().join(' ')),
  ...[...document.querySelectorAll('[data-assembly-row], [data-canton]')].map((one) => one.hidden),
  ...[...document.querySelectorAll('[data-assembly-seat]')].map((one) => one.classList.contains('awaited')),
  ...['count', 'sentence', 'announced'].map((name) => document.querySelector(`[data-assembly-${name}]`))
    .map((one) => (one.hidden ? '' : one.textContent.replace(/\\s+/g, ' ').trim())),
  ...[...document.querySelectorAll('[data-assembly-step]')].map((link) => link.hidden || link.href),
]"""


def test_a_key_and_an_address_show_the_same(site, open_context, people):
    """The script decides what the server decides too: a hall goes on without network, others without script."""
    draw = draw_in(people, S.REVEALED)
    page = open_context().new_page()
    page.goto(f"/tirages/{draw.reference}/projection/")
    expect(page.locator("[data-assembly-play]")).to_be_visible()
    by_key = [page.evaluate(STATE)]
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        by_key.append(page.evaluate(STATE))
    by_address = []
    for query in ("", "?place=1", "?place=2", "?place=3", "?place=4"):
        page.goto(f"/tirages/{draw.reference}/projection/{query}")
        expect(page.locator("[data-assembly-play]")).to_be_visible()
        by_address.append(page.evaluate(STATE))
    assert by_key == by_address
    assert len({str(state) for state in by_key}) == 5


def test_the_draw_is_followed_without_script(site, open_context, people):
    draw = draw_in(people, S.REVEALED)
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"/tirages/{draw.reference}/projection/")
    for n in range(1, 5):
        page.get_by_role("link", name="Suivant").click()
        expect(page).to_have_url(re.compile(rf"\?place={n}$"))
        assert place_on_screen(page)[0] == n
    expect(page.get_by_role("link", name="Suivant")).to_be_hidden()
    expect(page.get_by_role("button", name="Lancer")).to_be_hidden()
    page.get_by_role("link", name="Précédent").click()
    expect(page).to_have_url(re.compile(r"\?place=3$"))


def test_the_ceremony_from_the_computation_to_the_names(
    site, worker, open_context, sign_in, people, settings, tmp_path
):
    settings.BLOB_DIR = tmp_path / "blobs"
    draw = draw_in(people)
    tried(draw, people)
    freeze(draw, people)
    Draw.objects.filter(pk=draw.pk).update(
        contest_days=0, place="Hôtel du Département, Toulouse", takes_place_at=timezone.now()
    )
    officer, lead, witness = (open_context().new_page() for _ in range(3))
    for page, role in ((officer, "officer"), (lead, "lead"), (witness, "witness")):
        sign_in(page.context, people.ready(people[role]))

    step(officer, draw, "calculer", "Calculer les lots")
    measured = officer.get_by_text("Comment cette égalité est mesurée")
    expect(measured).to_be_visible(timeout=40_000)
    measured.click()
    expect(officer.get_by_text("Aucun tirage ne peut être plus égal")).to_be_visible()
    shot(officer, "calculs")
    assert_usable(officer)
    step(lead, draw, "annoncer", "Annoncer")
    expect(lead.get_by_text("Le tirage est annoncé")).to_be_visible()

    step(officer, draw, "lecture", "Saisir les boules et les dés", balls="4 1 7 2", dice=DICE)
    expect(officer.get_by_text("Votre lecture est gardée")).to_be_visible()
    expect(officer.get_by_text(BALLS)).to_have_count(0)
    step(witness, draw, "lecture", "Saisir les boules et les dés", balls="4172", dice=DICE.replace(".", " "))
    expect(witness.get_by_role("heading", name="Billet 4172")).to_be_visible()

    step(
        officer,
        draw,
        "presents",
        "Personnes présentes",
        attendees="Odile Labatut, vice-présidente\nJean-Luc Mounié, commissaire de justice",
    )
    step(officer, draw, "incident", "Noter un incident", text="Une boule est tombée, elle a été remise dans l’urne.")
    shot(officer, "seance")
    assert_usable(officer)
    step(officer, draw, "proces-verbal", "Sceller le procès-verbal")
    expect(officer.get_by_text("Le document est prêt.")).to_be_visible(timeout=60_000)
    step(witness, draw, "constater", "Constater le tirage", office="Étude Mounié, Toulouse")
    expect(witness.get_by_text("Le tirage est constaté").first).to_be_visible()

    officer.goto(f"/bureau/tirages/{draw.pk}/projection/")
    shot(officer, "projection-titre")
    officer.context.set_offline(True)
    names = [entry.candidate for entry in fresh(draw).pool.entries.select_related("candidate__canton")]
    expect(officer.get_by_role("img", name=BALLS.replace("-", ""))).to_be_visible()
    officer.keyboard.press("ArrowRight")
    officer.keyboard.press(" ")
    canton = next(name.canton.name for name in sorted(names, key=lambda one: one.canton.number))
    expect(officer.get_by_role("heading", name=canton)).to_be_visible()
    expect(officer.locator(".projection-names:visible li:not(.awaited)")).to_have_count(2)
    shot(officer, "projection-canton")
    officer.context.set_offline(False)

    step(lead, draw, "reveler", "Publier les noms")
    expect(lead.get_by_text("Les noms sont publics").first).to_be_visible()
    lead.goto(f"/tirages/{draw.reference}/")
    expect(lead.get_by_role("link", name="Lire le procès-verbal (PDF)")).to_be_visible()
    shot(lead, "public-revele")


@pytest.fixture
def published(people, tmp_path):
    """Make a draw, with its published files in a folder."""
    draw = draw_in(people, S.DRAWN)
    for name, (make, _kind) in records.PUBLIC.items():
        (tmp_path / name).write_bytes(make(draw))
    return draw, tmp_path


def replay(page, draw, folder, *, balls=BALLS, dice=DICE):
    page.goto(f"/tirages/{draw.reference}/")
    page.locator("#replay-files").set_input_files(
        [folder / f"{name}" for name in ("annonce.txt", "quotas.csv", "lots.csv")]
    )
    page.locator("#replay-balls").fill(balls)
    page.locator("#replay-dice").fill(dice)
    page.get_by_role("button", name="Recalculer").click()


def verdict_of_python(folder, *, balls=BALLS):
    """Run the published program alone: `python -I` finds neither our packages nor Django."""
    done = subprocess.run(
        [sys.executable, "-I", folder / "verifier.py", folder, f"boules={balls}", f"des={DICE}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    return done.returncode, done.stdout


def test_anybody_replays_the_draw_in_the_browser_and_with_python(page, site, published):
    draw, folder = published
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    replay(page, draw, folder)
    answer = page.locator("[data-assembly-replay-answer]")
    expect(answer).to_contain_text("Ce tirage est vérifié")
    expect(answer).to_contain_text("C’est le résultat publié")
    assert set(sent) == {"GET"}
    assert_usable(page)
    shot(page, "public-rejoue")
    code, told = verdict_of_python(folder)
    assert code == 0
    members = answer.locator("p.small").inner_text().split()
    assert members == told.split("membres\n")[1].split("\nsuppléants")[0].split()


SWAPS = {
    "one member": lambda text: text.replace("V0002", "V0099"),
    "two ranges": lambda text: text.replace("0,3333", "0,3332").replace("3334,", "3333,"),
    "a gap": lambda text: text.replace("3334,", "3335,"),
}


@pytest.mark.parametrize("name", SWAPS)
def test_what_was_swapped_is_seen_in_the_browser_and_with_python(name, page, site, published):
    draw, folder = published
    lots = folder / "lots.csv"
    before = lots.read_text()
    lots.write_text(SWAPS[name](before))
    assert lots.read_text() != before
    replay(page, draw, folder)
    expect(page.locator("[data-assembly-replay-answer]")).to_contain_text("Ce tirage n’est pas vérifié")
    assert verdict_of_python(folder)[0] == 1


def test_other_digits_are_another_result(page, site, published):
    draw, folder = published
    replay(page, draw, folder, balls="0-0-0-0")
    expect(page.locator("[data-assembly-replay-answer]")).to_contain_text("Le résultat publié est différent")


def test_the_page_serves_without_script(open_context, site, published):
    draw, _folder = published
    page = open_context(java_script_enabled=False).new_page()
    page.goto(f"/tirages/{draw.reference}/")
    expect(page.get_by_role("link", name="verifier.py")).to_be_visible()
    expect(page.get_by_role("button", name="Recalculer")).to_be_hidden()
    assert verifier.TICKETS == 10_000


def test_a_volunteer_reads_and_contests_the_own_line(page, site, people):
    draw = draw_in(people, S.FROZEN, contest_days=7)
    entry = draw.pool.entries.first()
    page.goto(f"/tirages/ma-page/{entry_token(entry)}/")
    shot(page, "ma-page")
    assert_usable(page)
    page.get_by_label("Qu’est-ce qui est faux").fill("Je suis ouvrière.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_text("La mission vous répond avant le tirage.")).to_be_visible()


def test_the_wall_and_the_quotas_are_usable(page, site, sign_in, people):
    draw = draw_in(people, S.DRAFT)
    sign_in(page.context, people.ready(people["officer"]))
    page.goto("/bureau/tirages/")
    assert_usable(page)
    page.goto(f"/bureau/tirages/{draw.pk}/")
    shot(page, "dossier")
    assert_usable(page)
    page.goto(f"/bureau/tirages/{draw.pk}/quotas/")
    shot(page, "quotas")
    assert_usable(page)


def test_every_other_page_is_usable(page, site, sign_in, people):
    draw = draw_in(people, S.REVEALED)
    sign_in(page.context, people.ready(people["officer"]))
    for name in ("liste", "mandats", "seance", "historique", "projection"):
        page.goto(f"/bureau/tirages/{draw.pk}/{name}/")
        shot(page, name)
        assert_usable(page)


def test_spokespersons_are_drawn_by_two_people_and_replayed_by_anybody(
    site, worker, open_context, sign_in, people, settings, tmp_path
):
    settings.BLOB_DIR = tmp_path / "blobs"
    MandateFactory(term=people.term, member__person=people["member"].person, member__gender="F", seat__gender="F")
    members(people)
    opinion = OpinionFactory(term=people.term, state=OpinionState.ADOPTED)
    OpinionSettings.objects.update_or_create(term=people.term, defaults={"spokespersons": 2})
    officer, lead, member, visitor = (open_context().new_page() for _ in range(4))
    for page, who in ((officer, people["officer"]), (lead, people["lead"])):
        sign_in(page.context, people.ready(who))

    officer.goto(f"/bureau/avis-citoyens/{opinion.pk}/porte-parole/")
    shot(officer, "porte-parole")
    assert_usable(officer)
    officer.get_by_role("button", name="Commencer le tirage").click()
    draw = Draw.objects.get(within_term=people.term)
    shot(officer, "interne-prepare")
    assert_usable(officer)
    officer.goto(f"/bureau/tirages/{draw.pk}/etapes/fonction/")
    officer.locator("[name=place]").fill("Hôtel du Département, Toulouse")
    officer.locator("[name=takes_place_at]").fill(f"{timezone.localdate()}T15:00")
    shot(officer, "interne-fonction")
    assert_usable(officer)
    officer.get_by_role("button", name="Régler ce tirage").click()
    expect(officer.get_by_role("link", name="Figer la liste et annoncer").first).to_be_visible()
    officer.goto(f"/bureau/tirages/{draw.pk}/etapes/figer-liste/")
    shot(officer, "interne-liste")
    assert_usable(officer)
    officer.get_by_role("button", name="Figer la liste et annoncer").click()
    expect(officer.get_by_text("Le tirage est annoncé")).to_be_visible()

    account = people["member"]
    entry = fresh(draw).pool.entries.get(mandate__member__person=account.person)
    sign_in(member.context, people.ready(account))
    member.goto("/espace/tirages/")
    expect(member.get_by_text(entry.pseudonym)).to_be_visible()
    expect(member.get_by_text("sur 10 000")).to_be_visible()
    shot(member, "interne-membre")
    assert_usable(member)

    visitor.goto(f"/tirages/{draw.reference}/")
    for name in ("annonce.txt", "quotas.csv", "lots.csv", "verifier.py"):
        (tmp_path / name).write_bytes(records.PUBLIC[name][0](fresh(draw)))
    shot(visitor, "interne-annonce")
    assert_usable(visitor)

    step(officer, draw, "lecture", "Saisir les boules et les dés", balls="4172", dice=DICE)
    step(lead, draw, "lecture", "Saisir les boules et les dés", balls="4-1-7-2", dice=DICE)
    expect(lead.get_by_role("heading", name="Les personnes")).to_be_visible()
    shot(lead, "interne-seance")
    assert_usable(lead)
    step(officer, draw, "presents", "Personnes présentes", attendees="Odile Labatut, présidente\nJean Prat, membre")
    step(officer, draw, "proces-verbal", "Sceller le procès-verbal")
    expect(officer.get_by_text("Le document est prêt.")).to_be_visible(timeout=60_000)
    first = lead.locator("ol.rows").first.locator("li b").first.inner_text()
    lead.goto(f"/bureau/tirages/{draw.pk}/etapes/desistement/")
    lead.get_by_label(first).check()
    shot(lead, "interne-desistement")
    assert_usable(lead)
    lead.get_by_role("button", name="Noter un désistement").click()
    expect(lead.get_by_text("de la réserve, à la place de")).to_be_visible()
    step(lead, draw, "incident", "Noter un incident", text="Une personne se trompe de salle, le tirage attend.")
    officer.goto(f"/bureau/tirages/{draw.pk}/etapes/nommer/")  # the record was sealed before that incident
    expect(officer.get_by_text("scellez-le de nouveau").first).to_be_visible()
    step(officer, draw, "proces-verbal", "Sceller le procès-verbal")
    expect(officer.get_by_text("Le document est prêt.")).to_be_visible(timeout=60_000)
    step(officer, draw, "nommer", "Publier les noms")
    expect(officer.get_by_text("Les noms sont publics").first).to_be_visible()

    officer.goto(f"/bureau/avis-citoyens/{opinion.pk}/vote/")
    expect(officer.get_by_role("link", name="Voir et vérifier ce tirage")).to_be_visible()
    named = Spokesperson.objects.filter(draw__opinion=opinion).select_related("person")
    assert [row.person.full_name for row in named].count(first) == 0
    assert len(named) == 2
    replay(visitor, draw, tmp_path)
    answer = visitor.locator("[data-assembly-replay-answer]")
    expect(answer).to_contain_text("C’est le résultat publié")
    for row in named:
        expect(visitor.locator(".drawn-names")).to_contain_text(row.person.public_name)
    shot(visitor, "interne-public")
    assert_usable(visitor)
    officer.goto(f"/bureau/tirages/{draw.pk}/projection/")
    shot(officer, "interne-projection")
    code, told = verdict_of_python(tmp_path)
    assert (code, "lot" in told) == (0, True)
