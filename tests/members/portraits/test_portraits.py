"""Portraits on « Qui siège »: who writes, reads, puts online and takes back; what the public sees, and until when."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assembly.audit.models import Entry
from assembly.documents.models import Blob, Upload
from assembly.identity import actions as identity
from members.consents.actions import decide_image
from members.enums import ImageUse
from members.models import Mandate, Portrait
from members.portraits.queries import shown_portraits
from tests.factories.institution import AssemblyFactory, TermFactory
from tests.factories.members import ImageConsentFactory, MandateFactory, PortraitFactory, mandate_of

pytestmark = pytest.mark.django_db
MINE = reverse("members:my-portrait")
WORDS = "J’ai dit oui pour que le car passe plus tôt."
PLACE = b"GPS: 42.789, 0.593"


def photo(size=(1200, 900)):
    content = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    Image.new("RGB", size, "teal").save(content, "JPEG", exif=exif)
    return SimpleUploadedFile("moi.jpg", content.getvalue(), content_type="image/jpeg")


def page_for(mandate, name="member-portrait"):
    return reverse(f"members:{name}", args=[mandate.pk])


def agree(member, given=True):
    ImageConsentFactory(member=member, use=ImageUse.WEBSITE, is_given=given, decided_on=timezone.localdate())


def public_page(client):
    cache.clear()
    return client.get(reverse("draws:public-who-sits")).text


def three(people):
    """Make three portraits online; return the mandates."""
    mandates = MandateFactory.create_batch(3, term=people.term)
    for mandate in mandates:
        PortraitFactory(member=mandate.member)
    return mandates


# From the member to the public


def test_a_member_writes_the_team_reads_and_the_public_sees(people, signed_in, client):
    mandate = mandate_of(people)
    member, officer = signed_in("member"), signed_in("officer")
    three(people)
    sent = member.post(MINE, {"statement": WORDS, "photo": photo()})
    assert sent.status_code == 302
    portrait = Portrait.objects.get(member=mandate.member)
    assert portrait.published_at is None
    assert WORDS not in public_page(client)
    assert "portrait à relire" not in officer.get(reverse("tasks:home")).text  # no consent yet, so nothing to read
    agree(mandate.member)
    assert "1 portrait à relire" in officer.get(reverse("tasks:home")).text
    assert mandate.member.person.full_name in officer.get(reverse("members:portrait-list")).text
    assert WORDS in officer.get(page_for(mandate, "member-portrait-publish")).text
    sent = officer.post(page_for(mandate, "member-portrait-publish"), {"version": portrait.version})
    assert sent.status_code == 302
    page = public_page(client)
    assert WORDS in page
    assert mandate.member.person.public_name in page
    assert mandate.member.person.last_name not in page
    picture = reverse("documents:upload", args=[portrait.photo.public_id])
    assert picture in page
    content = client.get(picture).content
    with Image.open(BytesIO(content)) as image:
        assert (image.size, image.format, dict(image.getexif())) == ((480, 600), "JPEG", {})
    assert PLACE not in content
    verbs = set(Entry.objects.filter(event_type__startswith="portrait").values_list("event_type", flat=True))
    assert verbs == {"portrait.written", "portrait.published"}


def test_withdrawing_the_consent_hides_it_at_once_with_its_photo(people, client):
    mandate, *_others = [*three(people), MandateFactory(term=people.term)]
    PortraitFactory(member=MandateFactory(term=people.term).member)
    portrait = mandate.member.portrait
    assert portrait.statement in public_page(client)
    decide_image(mandate.member, {ImageUse.WEBSITE: False}, by=people["officer"], term=people.term, channel="phone")
    assert portrait.statement not in public_page(client)


def test_the_photo_of_a_portrait_that_is_not_public_is_nobody_elses(people, signed_in, client):
    mandate = mandate_of(people)
    member = signed_in("member")
    member.post(MINE, {"statement": "", "photo": photo()})
    picture = reverse("documents:upload", args=[Portrait.objects.get().photo.public_id])
    assert client.get(picture).status_code == 404
    for role, status in (("officer", 200), ("facilitator", 404), ("dir_contact", 404), ("dpo", 404)):
        assert signed_in(role).get(picture).status_code == status, role
    assert member.get(picture).status_code == 200
    agree(mandate.member)
    officer = signed_in("officer")
    officer.post(page_for(mandate, "member-portrait-publish"), {"version": 1})
    assert client.get(picture).status_code == 200
    officer.post(page_for(mandate, "member-portrait-offline"))
    assert client.get(picture).status_code == 404


def test_a_change_goes_offline_until_it_is_read_again(people, signed_in):
    mandate = mandate_of(people)
    portrait = PortraitFactory(member=mandate.member)
    signed_in("member").post(MINE, {"statement": WORDS})
    portrait.refresh_from_db()
    assert (portrait.statement, portrait.published_at, portrait.version) == (WORDS, None, 2)
    officer = signed_in("officer")
    late = officer.post(page_for(mandate, "member-portrait-publish"), {"version": 1})  # read before the change
    assert late.status_code == 409
    portrait.refresh_from_db()
    assert portrait.published_at is None


def test_what_did_not_change_stays_online(people, signed_in):
    portrait = PortraitFactory(member=mandate_of(people).member)
    signed_in("member").post(MINE, {"statement": portrait.statement})
    portrait.refresh_from_db()
    assert (portrait.published_at is not None, portrait.version) == (True, 1)


def test_fewer_than_three_are_not_shown(people, client):
    one, *_two = three(people)
    assert len(shown_portraits(people.term)) == 3
    agree(one.member, given=False)
    assert shown_portraits(people.term) == []
    assert "portraits-titre" not in public_page(client)


# The law and the clock


@pytest.mark.parametrize(("age", "is_asked"), [(17, True), (18, True), (19, False)])
def test_a_guardian_signs_for_whoever_may_be_a_minor(people, signed_in, age, is_asked):
    mandate = mandate_of(people)
    mandate.member.birth_year = timezone.localdate().year - age
    mandate.member.save()
    portrait = PortraitFactory(member=mandate.member, unread=True)
    officer = signed_in("officer")
    page = page_for(mandate, "member-portrait-publish")
    assert ("accord parental" in officer.get(page).text) is is_asked
    refused = officer.post(page, {"version": portrait.version})
    assert refused.status_code == (422 if is_asked else 302)
    if is_asked:
        assert officer.post(page, {"version": portrait.version, "guardian": "Anne Roux, mère"}).status_code == 302
    three(people)
    assert portrait in shown_portraits(people.term)
    Portrait.objects.filter(pk=portrait.pk).update(guardian="")
    assert (portrait not in shown_portraits(people.term)) is is_asked


def test_without_consent_nothing_goes_online(people, signed_in):
    mandate = mandate_of(people)
    portrait = PortraitFactory(member=mandate.member, unread=True, agrees=False)
    officer = signed_in("officer")
    page = page_for(mandate, "member-portrait-publish")
    assert officer.post(page, {"version": 1}).status_code == 422
    agree(mandate.member, given=False)
    assert officer.post(page, {"version": 1}).status_code == 422
    portrait.refresh_from_db()
    assert portrait.published_at is None


def test_the_last_evening_of_a_mandate_is_the_last_of_the_portrait(people):
    mandate = three(people)[0]
    PortraitFactory.create_batch(3)
    today = timezone.localdate()
    Mandate.objects.filter(pk=mandate.pk).update(state="ended", ended_on=today, end_reason="resigned")
    assert mandate.member.portrait not in shown_portraits(people.term)
    assert identity.erase_due()["members.portraits"] >= 1
    assert not Portrait.objects.filter(member=mandate.member).exists()


def test_a_portrait_lives_from_the_acceptance_to_the_end_of_the_term(people):
    three(people)
    PortraitFactory(member=MandateFactory(term=people.term, accepted=True).member, unread=True)
    identity.erase_due()
    assert Portrait.objects.count() == 4
    type(people.term).objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    identity.erase_due()
    assert not Portrait.objects.exists()


def test_deleting_takes_the_bytes_away(people, signed_in, django_capture_on_commit_callbacks):
    mandate_of(people)
    member = signed_in("member")
    member.post(MINE, {"statement": WORDS, "photo": photo()})
    sha256 = Portrait.objects.get().photo.blob_id
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert member.post(reverse("members:my-portrait-delete")).status_code == 302
    assert not Portrait.objects.exists()
    assert not Upload.objects.filter(blob=sha256).exists()
    assert not Blob.objects.filter(sha256=sha256).exists()


def test_an_erased_person_has_no_portrait(people, signed_in):
    mandate = mandate_of(people)
    signed_in("member").post(MINE, {"statement": WORDS, "photo": photo()})
    identity.erase(mandate.member.person, by=people["dpo"])
    assert not Portrait.objects.exists()
    assert not Upload.objects.exists()


# Bad input


def test_nothing_at_all_is_a_sentence_and_the_photo_can_go(people, signed_in):
    mandate_of(people)
    member = signed_in("member")
    refused = member.post(MINE, {"statement": ""})
    assert refused.status_code == 422
    assert "Donnez une photo, quelques mots, ou les deux." in refused.text
    member.post(MINE, {"statement": "", "photo": photo((80, 2000))})
    assert member.post(MINE, {"statement": "", "without_photo": "on"}).status_code == 422
    assert member.post(MINE, {"statement": WORDS, "without_photo": "on"}).status_code == 302
    assert Portrait.objects.get().photo is None
    assert not Upload.objects.exists()


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7 %%EOF", b"MZ" * 99])
def test_what_is_no_picture_is_refused(people, signed_in, content):
    mandate_of(people)
    sent = signed_in("member").post(MINE, {"statement": WORDS, "photo": SimpleUploadedFile("moi.jpg", content)})
    assert sent.status_code == 422
    assert not Portrait.objects.exists()


def test_the_database_refuses_an_empty_one_and_one_that_nobody_published(people):
    portrait = PortraitFactory(unread=True)
    for facts in ({"statement": ""}, {"published_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Portrait.objects.filter(pk=portrait.pk).update(**facts)


def test_another_term_has_its_own(people, signed_in):
    term = TermFactory(assembly=AssemblyFactory(second=True), number=1, name="Ailleurs")
    elsewhere = MandateFactory(term=term)
    PortraitFactory(member=elsewhere.member)
    assert elsewhere.member.person.full_name not in signed_in("officer").get(reverse("members:portrait-list")).text
