"""A Word file into a text: seen before anything is written, written once, by whoever may write."""

import io
from datetime import timedelta

import docx
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assembly.collab.actions import texts
from assembly.collab.document import plain_text
from assembly.collab.models import Update
from assembly.collab.queries import tree_of
from assembly.files.fields import UploadField
from opinions.models import ImportState, OpinionState, TextImport
from opinions.papers import actions as papers
from opinions.tasks import leave_old_imports
from tests.factories.institution import CommitteeMembershipFactory
from tests.factories.opinions import OpinionSectionFactory

pytestmark = pytest.mark.django_db
SHEET = ("Éclairer les arrêts", "Quel est le problème ?", "Il fait noir.", "Qui décide ?", "Le Département.")


def word(*lines, name="notre texte.docx"):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return SimpleUploadedFile(name, target.getvalue())


def checked(*lines):
    return UploadField(kinds=("word",)).clean(word(*lines))


@pytest.fixture
def section(people):
    made = OpinionSectionFactory(opinion__state=OpinionState.DRAFTING, opinion__term=people.term)
    CommitteeMembershipFactory(committee=made.committee, person=people["member"].person)
    return made


def read(section):
    return plain_text.to_text(tree_of(section.text))


def test_nothing_is_written_before_somebody_has_seen_it(signed_in, people, section):
    client = signed_in(people["member"])
    before, rows = read(section), Update.objects.count()
    address = reverse("opinions:import", args=[section.text.public_id])
    answer = client.post(address, {"file": word("Une phrase.", *SHEET)})
    row = TextImport.objects.get()
    assert answer.url == reverse("opinions:import-shown", args=[row.public_id])
    page = client.get(answer.url).content.decode().replace("\u00a0", " ")
    assert "1 préconisation" in page
    assert "Éclairer les arrêts" in page
    assert (read(section), Update.objects.count()) == (before, rows)
    client.post(answer.url, {"do": "write"})
    assert read(section).startswith(before)
    assert read(section).endswith("Une phrase.\nÉclairer les arrêts\nIl fait noir.\nLe Département.")
    written = Update.objects.filter(text=section.text).latest("seq")
    assert (written.author_id, written.kind) == (people["member"].pk, "server")
    row.refresh_from_db()
    assert (row.state, row.tree) == (ImportState.WRITTEN, None)
    assert client.get(answer.url).status_code == 404


def test_a_file_left_aside_changes_nothing(people, section):
    row = papers.preview(section.text, checked("Bonjour"), by=people["member"])
    before = read(section)
    papers.discard(row, by=people["member"])
    row.refresh_from_db()
    assert (row.state, row.tree, read(section)) == (ImportState.LEFT, None, before)
    with pytest.raises(ValidationError, match="déjà été repris"):
        papers.write(row, by=people["member"])


def test_an_empty_text_takes_the_file_as_its_own(people, section):
    section.text = texts.create("opinion-section", title="Vide", assembly=people.assembly, by=people["officer"])
    section.save(update_fields=["text"])
    papers.write(papers.preview(section.text, checked("Bonjour"), by=people["member"]), by=people["member"])
    assert tree_of(section.text)["content"] == [
        {"type": "paragraph", "content": [{"type": "text", "text": "Bonjour"}]}
    ]


@pytest.mark.parametrize("who", ["other_member", "stranger", "president", "dir_contact"])
def test_only_those_who_may_write_bring_a_file(who, people, section):
    people.setdefault("other_member", people.make("member", people.term))
    with pytest.raises(PermissionDenied):
        papers.preview(section.text, checked("Bonjour"), by=people[who])


def test_a_right_withdrawn_meanwhile_is_looked_at_again(people, section):
    row = papers.preview(section.text, checked("Bonjour"), by=people["member"])
    section.committee.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        papers.write(row, by=people["member"])
    assert TextImport.objects.get().state == ImportState.SHOWN


def test_a_frozen_text_takes_nothing(people, section):
    row = papers.preview(section.text, checked("Bonjour"), by=people["officer"])
    texts.freeze(section.text, by=people["officer"])
    before = Update.objects.count()
    with pytest.raises(PermissionDenied):
        papers.write(row, by=people["officer"])
    assert Update.objects.count() == before


def test_nobody_confirms_in_somebody_else_s_place(people, section):
    row = papers.preview(section.text, checked("Bonjour"), by=people["member"])
    with pytest.raises(PermissionDenied):
        papers.write(row, by=people["officer"])


def test_a_refused_file_is_said_on_the_form(signed_in, people, section):
    client = signed_in(people["member"])
    address = reverse("opinions:import", args=[section.text.public_id])
    lying = SimpleUploadedFile("texte.docx", b"%PDF-1.7 lies\n%%EOF")
    answer = client.post(address, {"file": lying})
    assert answer.status_code == 422
    assert "Types acceptés" in answer.content.decode()
    empty = client.post(address, {"file": word()})
    assert "aucun texte que nous puissions reprendre" in empty.content.decode()
    assert not TextImport.objects.exists()


def test_what_nobody_confirms_is_emptied_after_a_day(people, section):
    old, new = (papers.preview(section.text, checked("Bonjour"), by=people["member"]) for _turn in range(2))
    TextImport.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=2))
    leave_old_imports()
    states = dict(TextImport.objects.values_list("pk", "state"))
    assert states == {old.pk: ImportState.LEFT, new.pk: ImportState.SHOWN}
    assert TextImport.objects.get(pk=old.pk).tree is None
