"""Last chapter: signed, sealed, handed over, published."""

import json
import re
from datetime import timedelta

import pikepdf
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from answers.models import AnswerCase
from opinions.models import OpinionState, OpinionVisaCapacity, Recommendation, RecommendationState
from opinions.papers import actions as papers
from tests.e2e.opinion_story.amending import NEW
from tests.e2e.opinion_story.cast import NAMES, TEN, TITLE, done, state_of, where
from tests.e2e.test_coediting import shot
from tests.e2e.test_story import check_with_the_public_page, signatures
from tests.verapdf import verdicts

S = OpinionState


def disagree(cast, watch, opinion):
    """Hugo says on his telephone why he voted against; Lucie signs with him."""
    phone = cast.page("hugo")
    phone.goto(where("my-opinion", opinion.pk))
    phone.get_by_role("link", name="Positions minoritaires").first.click()
    phone.get_by_role("link", name="Écrire une position minoritaire").click()
    phone.get_by_label("Titre").fill("Le bus ne suffit pas")
    phone.get_by_label("Votre position").fill(
        "Nous aurions voulu un arrêt dans chaque village, et des horaires du soir toute la semaine, dimanche compris."
    )
    phone.get_by_role("button", name="Relire ma position").click()
    shot(phone, "position")
    phone.get_by_role("button", name="Déposer ma position").click()
    done(phone)
    other = cast.page("lucie")
    other.goto(where("my-positions", opinion.pk))
    other.get_by_role("link", name="Le bus ne suffit pas").click()
    other.get_by_role("button", name="Signer cette position").click()
    done(other)
    watch.wrote("position.submitted", "position.signed")
    watch.told_nobody()


def give_visas(cast, watch, opinion):
    """No seal before the visas; the chair and the rapporteur give theirs, each for themselves."""
    desk = cast.desk
    desk.goto(where("papers", opinion.pk))
    assert desk.get_by_role("link", name="Sceller l’avis", exact=True).count() == 0
    phone = cast.page("jeanne")
    phone.goto(reverse("portal:member-home"))
    phone.get_by_role("link", name=re.compile("Donner votre visa sur l’avis adopté")).first.click()
    shot(phone, "visa")
    phone.get_by_role("button", name="Donner mon visa").click()
    done(phone, "Votre visa est donné")
    desk.goto(where("papers", opinion.pk))
    assert desk.get_by_role("link", name="Sceller l’avis", exact=True).count() == 0
    papers.give_visa(opinion, OpinionVisaCapacity.RAPPORTEUR, by=cast["joel"])
    watch.wrote("opinion.visa_given*2")


def seal(cast, watch, opinion, folder):
    """The officer asks for the seal; the file conforms to both standards and the public page knows it."""
    desk = cast.desk
    desk.goto(where("step", opinion.pk, "facile-a-lire"))
    desk.locator("[name=easy_read]").fill("Il faut plus de bus le soir.\n\nIl faut des soins près de chez soi.")
    desk.get_by_role("button", name="Écrire le résumé facile à lire").click()
    done(desk)
    watch.wrote("opinion.easy_read_written")
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Papiers").click()
    shot(desk, "papiers")
    desk.get_by_role("link", name="Sceller l’avis", exact=True).click()
    desk.get_by_role("button", name="Sceller l’avis").click()
    ready = desk.get_by_role("link", name="Ouvrir le document (PDF)")
    expect(ready).to_be_visible(timeout=90_000)
    path = folder / "avis.pdf"
    path.write_bytes(desk.request.get(ready.get_attribute("href")).body())
    assert verdicts(path) == {"3a": [], "ua1": []}
    assert signatures(path) == [("cachet", True)]
    data = carried(path)
    assert [row["reference"] for row in data["recommendations"]] == references(opinion)
    check_with_the_public_page(cast.public, path, "authentique")
    shot(cast.public, "verifier")
    watch.look()


def carried(path):
    """Return the recommendations in the data of the file."""
    with pikepdf.open(path) as pdf:
        (name,) = [name for name in pdf.attachments if name.endswith(".json")]
        return json.loads(pdf.attachments[name].get_file().read_bytes())


def references(opinion):
    rows = Recommendation.objects.filter(opinion=opinion, state=RecommendationState.ACTIVE).order_by("number")
    found = list(rows.values_list("reference", flat=True))
    assert len(found) == TEN
    return found


def hand_over(cast, watch, opinion):
    """Noted with its day, its place, to whom: ten answers are awaited from that day on."""
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Noter la remise").first.click()
    desk.locator("[name=on]").fill(timezone.localdate().isoformat())
    desk.locator("[name=place]").fill("Hôtel du Département")
    desk.locator("[name=to]").fill("président du Conseil départemental")
    shot(desk, "remise")
    desk.get_by_role("button", name="Noter la remise").click()
    done(desk)
    files = AnswerCase.objects.filter(recommendation__opinion=opinion)
    due = timezone.localdate() + timedelta(days=opinion.term.answer_days)
    assert sorted(files.values_list("recommendation__reference", "due_on")) == [(r, due) for r in references(opinion)]
    watch.wrote("opinion.handed_over", "answer.cases_opened", "referral.handed_over")
    watch.told("l’avis est remis", cast.emails(*NAMES, *cast.offices))
    cast.page("hugo").goto(where("my-positions", opinion.pk))
    expect(cast.page("hugo").get_by_role("link", name="Écrire une position minoritaire")).to_have_count(0)


def publish(cast, watch, opinion):
    """Anybody reads the text, the votes, the minority, and takes the data home; no member is named whole."""
    public = cast.public
    assert public.request.get(where("public", opinion.reference)).status == 404
    desk = cast.desk
    desk.goto(where("opinion", opinion.pk))
    desk.get_by_role("link", name="Publier l’avis").first.click()
    desk.get_by_role("button", name="Publier l’avis").click()
    done(desk)
    assert state_of(opinion) == S.PUBLISHED
    public.goto(where("public-list"))
    public.get_by_role("link", name=TITLE).first.click()
    expect(public.locator("ol.proposal-cards > li")).to_have_count(len(references(opinion)))
    public.get_by_role("link", name="Lire l’avis", exact=True).click()
    main = public.locator("main")
    for told in (NEW, "Le bus ne suffit pas", "Il faut plus de bus le soir.", *references(opinion)):
        expect(main).to_contain_text(told)
    for private in ("Bonnet", "Sarda", "Ferran"):
        expect(main).not_to_contain_text(private)
    shot(public, "public")
    data = public.request.get(where("public-json", opinion.reference)).json()
    assert [row["reference"] for row in data["recommendations"]] == references(opinion)
    table = public.request.get(where("public-csv", opinion.reference)).text()
    assert all(reference in table for reference in references(opinion))
    assert public.request.get(f"/publications/{opinion.reference}.pdf").ok
    watch.told_nobody()
