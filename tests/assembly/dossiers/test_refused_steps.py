"""A step that can only be refused stands as its name and why, on its page and on the dossier; its post is refused."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.documents.models import Rendition
from opinions.models import Opinion
from sessions.models import MinutesKind, MinutesState
from tests.factories.institution import DirectorateFactory
from tests.factories.opinions import OpinionFactory
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state

pytestmark = pytest.mark.django_db


def read(response):
    """Return the text of a page with collapsed white space."""
    return " ".join(unescape(response.content.decode()).split())


def test_minutes_are_not_sealed_while_they_are_read_again(signed_in, people, proved_for_long):
    minutes = written_minutes(people)
    until = timezone.now() + timedelta(days=3)
    at_state(minutes, MinutesState.CIRCULATED, kind=MinutesKind.REPORT, corrections_until=until)
    browser = signed_in(minutes.held.officer)
    why = "Les personnes présentes peuvent encore demander des corrections : le délai annoncé court toujours."
    seal = reverse("sittings:minutes-step", args=[minutes.pk, "sceller"])

    dossier = read(browser.get(reverse("sittings:minutes", args=[minutes.sitting_id])))
    assert f'href="{seal}">Sceller</a>' not in dossier
    assert f'aria-disabled="true" aria-describedby="manque-sceller-{minutes.pk}">Sceller</button>' in dossier
    assert f'id="manque-sceller-{minutes.pk}"' in dossier

    question = browser.get(seal)
    page = read(question)
    assert question.status_code == 200
    assert 'type="button" aria-disabled="true" aria-describedby="manque"> Sceller </button>' in page
    assert why in page
    assert f'action="{seal}"' not in page

    assert browser.post(seal).status_code == 422
    minutes.refresh_from_db()
    assert (minutes.state, Rendition.objects.count()) == ("circulated", 0)


def test_texts_are_not_united_before_the_directorates_read(signed_in, people):
    opinion = OpinionFactory(term=people.term, state="group_validated")
    opinion.referral.directorates.create(directorate=DirectorateFactory(assembly=people.term.assembly))
    browser = signed_in("officer")
    unite = reverse("opinions:step", args=[opinion.pk, "reunir"])
    dossier = read(browser.get(reverse("opinions:opinion", args=[opinion.pk])))
    assert f'href="{unite}"' not in dossier
    assert (
        f'aria-describedby="manque-reunir-{opinion.pk}">Réunir les textes</button> '
        f'<span class="small" id="manque-reunir-{opinion.pk}"> Demandez d’abord leur lecture aux directions nommées.'
    ) in dossier
    assert 'aria-disabled="true"' in read(browser.get(unite))
    assert browser.post(unite).status_code == 422
    assert Opinion.objects.get(pk=opinion.pk).state == "group_validated"
