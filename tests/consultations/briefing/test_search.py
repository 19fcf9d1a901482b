"""Papers of a pack are found by the words of their files, by those who may open them, and lead to their own room."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from assembly.documents.models import ExtractionState, FileText, store_blob
from assembly.search.registry import source_of
from consultations.models import BriefingPack, Referral
from tests import files
from tests.assembly.search.indexing import found, hits, index_everything
from tests.factories.consultations import BriefingDocumentFactory, BriefingPackFactory, ReferralFactory
from tests.factories.documents import UploadFactory

pytestmark = pytest.mark.django_db
WHO = ("officer", "facilitator", "member", "president", "dir_contact", "stranger")


@pytest.fixture
def document(people):
    """Make a closed pack with one file about dams."""
    referral = ReferralFactory(term=people.term, working=True)
    blob = store_blob(files.pdf("Les barrages."), "application/pdf")
    FileText.objects.update_or_create(blob=blob, defaults={"state": ExtractionState.READY, "text": "Les barrages."})
    return BriefingDocumentFactory(
        pack=BriefingPackFactory(referral=referral), title="Étude", upload=UploadFactory(blob=blob)
    )


def who_finds(people):
    readers = {who: people[who] for who in WHO} | {"anonymous": AnonymousUser()}
    return {who for who, user in readers.items() if found(user, "barrage", "briefing")}


def test_who_finds_a_paper_before_and_after_the_opening(people, document):
    index_everything()
    assert who_finds(people) == {"officer", "facilitator"}
    BriefingPack.objects.update(released_at=timezone.now())
    assert who_finds(people) == {"officer", "facilitator", "member", "president"}
    document.is_public = True
    document.save()
    Referral.objects.update(published_at=timezone.now())
    assert who_finds(people) == {*WHO, "anonymous"}
    document.removed_at = timezone.now()
    document.save()
    assert who_finds(people) == set()


@pytest.mark.parametrize(
    ("who", "room"), [("officer", "/bureau/saisines/"), ("member", "/espace/saisines/"), ("stranger", "/saisines/S-")]
)
def test_each_reader_is_led_to_their_own_room(who, room, people, document, signed_in):
    BriefingPack.objects.update(released_at=timezone.now())
    Referral.objects.update(published_at=timezone.now())
    document.is_public = True
    document.save()
    index_everything()
    (hit,) = hits(people[who], "barrage")
    assert hit.url.startswith(room)
    assert signed_in(who).get(hit.url.partition("#")[0]).status_code == 200


def test_what_touches_what(document):
    source = source_of("briefing")
    assert list(source.touched_by("documents.FileText", [document.upload.blob_id])) == [document.pk]
    assert list(source.touched_by("consultations.Referral", [document.pack.referral_id])) == [document.pk]
    assert list(source.touched_by("consultations.BriefingDocument", [document.pk])) == [document.pk]
    assert list(source.touched_by("consultations.Hearing", [1])) == []
