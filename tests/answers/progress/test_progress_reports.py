"""The progress report: who begins, writes and seals it, what it tells, and that it never tells anything else."""

import io
import json
import random
import re
from datetime import timedelta

import pikepdf
import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from answers.follow_up import actions as follow_up
from answers.models import AnswerValue, FollowUp, FollowUpState, ProgressReport, ProposalEventKind, ProposalNews
from answers.progress import actions
from answers.progress.contributions import DraftProgressReport, SealedProgressReport
from answers.progress.queries import content_for_page, report_content
from answers.publication.queries import thread_of
from assembly.audit.models import Entry
from assembly.documents.models import Audience, Document, DocumentState, Rendition
from assembly.documents.pdf.render import render
from assembly.documents.queries import current_revision, sealed_revisions
from assembly.web.errors import EditConflict
from opinions.models import Opinion, Recommendation
from tests import verapdf
from tests.answers.progress.reports import INTRODUCTION, begun_report, published_report, ready_report, sealed_report
from tests.answers.publication.test_public import readable
from tests.answers.stage import followed_by
from tests.factories.follow_up import MilestoneFactory, ProgressUpdateFactory
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db
S = FollowUpState
ODD = [
    "\x00",
    "\u202e",
    "𝔸",
    "<script>alert(1)</script>",
    "é" * 6100,
    "\r\n\r\n",
    " ",
    "'; drop table--",
    "9" * 400,
]


@pytest.fixture
def every_state(people):
    """Make one row of each state, one late, one under study."""
    made = {state: followed_by(people, state) for state in S}
    made["late"] = followed_by(people, update_due_on=timezone.localdate() - timedelta(days=9))
    made["study"] = followed_by(people, value=AnswerValue.UNDER_STUDY)
    ProgressUpdateFactory(follow_up=made[S.IN_PROGRESS])
    ProgressUpdateFactory(follow_up=made[S.DELAYED], state=S.DELAYED, text="Le terrain manque.")
    day = timezone.localdate()
    MilestoneFactory(follow_up=made[S.IN_PROGRESS], reached_on=day)
    MilestoneFactory(follow_up=made[S.IN_PROGRESS], label="Le bus est payé")
    return made


def desk(report, name="desk-progress-report"):
    return reverse(f"answers:{name}", args=[report.pk])


def page(report):
    return reverse("answers:progress-report", args=[report.reference])


def look(browser, address):
    cache.clear()
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.text


def embedded(document):
    with pikepdf.open(io.BytesIO(current_revision(document).open())) as pdf:
        return json.loads(pdf.attachments["donnees.json"].get_file().read_bytes())


def names(results):
    return sorted(type(result).__name__ for result in results)


def test_each_begins_the_day_after_the_last_one(people):
    with pytest.raises(ValidationError, match="rien à dire"):
        actions.begin(people.term, ends_on=timezone.localdate(), by=people["officer"])
    first = timezone.localdate() - timedelta(days=300)
    followed_by(people, opened_on=first)
    with pytest.raises(ValidationError, match="après le début"):
        actions.begin(people.term, ends_on=first, by=people["officer"])
    with pytest.raises(ValidationError, match="douze mois au plus"):
        actions.begin(people.term, ends_on=first + timedelta(days=400), by=people["officer"])
    report = actions.begin(people.term, ends_on=first + timedelta(days=180), by=people["officer"])
    assert (report.starts_on, report.reference) == (first, f"{people.term.code}-BILAN-01")
    with pytest.raises(ValidationError, match="déjà en cours"):
        actions.begin(people.term, ends_on=timezone.localdate(), by=people["lead"])
    ProgressReport.objects.filter(pk=report.pk).update(
        introduction="Oui.", content=report_content(report), noted_at=timezone.now(), published_at=timezone.now()
    )
    following = actions.begin(people.term, ends_on=timezone.localdate(), by=people["lead"])
    assert (following.number, following.starts_on) == (2, report.ends_on + timedelta(days=1))
    for who in ("facilitator", "member", "president", "dir_contact"):
        with pytest.raises(PermissionDenied):
            actions.begin(people.term, ends_on=timezone.localdate(), by=people[who])


def test_it_tells_each_state_and_only_what_is_public(people, every_state):
    hidden = followed_by(people)
    Opinion.objects.filter(pk=hidden.case.opinion.pk).update(state="handed_over", published_at=None)
    ProgressUpdateFactory(
        follow_up=every_state[S.DELAYED],
        text="Un secret.",
        withdrawn_at=timezone.now(),
        withdrawn_by=people["lead"],
        withdrawn_reason="Un nom.",
    )
    content = report_content(ready_report(people))
    counts = dict.fromkeys(S, 1) | {"planned": 4}  # the late one, the one under study, the report's own
    assert content["counts"] == {"followed": 8, **counts, "late": 1, "under_study": 1}
    rows = {row["reference"]: row for opinion in content["opinions"] for row in opinion["proposals"]}
    assert hidden.case.reference not in rows
    told = rows[every_state[S.DELAYED].case.reference]
    assert [one["words"] for one in told["updates"]] == ["Le terrain manque."]
    assert rows[every_state[S.ABANDONED].case.reference]["reason"] == "Le terrain est vendu."
    done = rows[every_state[S.DONE].case.reference]
    assert done["updates"][0]["links"] == [
        {"label": "https://www.haute-garonne.fr/bus", "url": "https://www.haute-garonne.fr/bus"}
    ]
    assert rows[every_state["study"].case.reference]["answer"]["review_on"]
    assert [one["reached_on"] is None for one in rows[every_state[S.IN_PROGRESS].case.reference]["milestones"]] == [
        False,
        True,
    ]
    assert "Un secret" not in json.dumps(content)
    assert content_for_page(content)["noted_on"] == timezone.localdate()


def test_the_file_and_its_draft_pass_both_standards(people, every_state, tmp_path):
    """Titles and addresses longer than a line too."""
    Recommendation.objects.update(title=" ".join(["Un bus itinérant des droits dans les cantons ruraux"] * 4)[:200])
    link = f"https://www.haute-garonne.fr/{'un-long-chemin/' * 20}"
    ProgressUpdateFactory(follow_up=every_state["late"], link=link)
    report = ready_report(people)
    report.content, report.noted_at = report_content(report), timezone.now()
    for renderer in (SealedProgressReport(), DraftProgressReport()):
        path = tmp_path / f"{renderer.kind}.pdf"
        path.write_bytes(render(renderer.source(report)))
        assert verapdf.verdicts(path) == {"3a": [], "ua1": []}


def test_file_page_and_data_agree_and_followers_are_told_once(people, every_state, work, client):
    report = ready_report(people)
    sealed_report(report, people, work)
    document = Document.objects.get(kind="progress-report")
    assert (document.reference, document.audience, document.state) == (
        report.reference,
        Audience.PUBLIC,
        DocumentState.PUBLISHED,
    )
    data = embedded(document)
    assert (
        data
        == report.content
        == json.loads(look(client, reverse("answers:progress-report-json", args=[report.reference])))
    )
    told = readable(look(client, page(report)))
    for opinion in data["opinions"]:
        for row in opinion["proposals"]:
            assert f"{row['title']} {row['reference']}" in told
            for words in [row["reason"], *[one["words"] for one in row["updates"] + row["milestones"]]]:
                assert readable(words) in told
    assert client.get(f"/publications/{report.reference}.pdf").status_code == 200
    assert page(report) in look(client, reverse("documents:publications"))
    assert page(report) in look(client, reverse("opinions:public-list"))
    assert page(report) in look(client, "/sitemap.xml")
    opinion = every_state[S.DONE].case.opinion
    assert page(report) in look(client, reverse("answers:table", args=[opinion.reference]))
    proposal = every_state[S.DONE].case.recommendation
    step = next(one for one in thread_of(proposal).steps if one.anchor == "bilan-1")
    assert (step.proof, step.links[0].url) == (report.reference, page(report))
    assert ProposalNews.objects.filter(kind=ProposalEventKind.REPORT).count() == data["counts"]["followed"]
    follow_up.abandon(
        FollowUp.objects.with_dossier().get(pk=every_state["late"].pk), reason="Fini.", by=people["lead"]
    )
    assert readable(look(client, page(report))) == told
    with pytest.raises(ValidationError, match="rien n’en a été retiré"):
        actions.seal(report, version=report.version, by=people["lead"])
    verbs = set(Entry.objects.values_list("event_type", flat=True))
    assert {"progress_report.sealing_asked", "progress_report.published"} <= verbs


def test_what_is_withdrawn_leaves_the_page_at_once_and_the_file_at_the_next_seal(people, work, client, signed_in):
    row = followed_by(people, S.IN_PROGRESS)
    ProgressUpdateFactory(follow_up=row, text="Madame Untel a signé.")
    report = ready_report(people)
    sealed_report(report, people, work)
    assert "Madame Untel" in look(client, page(report))
    assert "Sceller de nouveau un bilan" not in readable(look(signed_in("lead"), reverse("portal:desk-home")))
    follow_up.withdraw(FollowUp.objects.with_dossier().get(pk=row.pk), 1, reason="Un nom.", by=people["officer"])
    told = look(client, page(report))
    assert "Madame Untel" not in told
    assert "a été retiré" in told
    assert "Sceller et publier de nouveau" in look(signed_in("lead"), desk(report))
    home, line = reverse("portal:desk-home"), "Sceller de nouveau un bilan"
    assert line in readable(look(signed_in("lead"), home))
    sealed_report(report, people, work)
    assert line not in readable(look(signed_in("lead"), home))
    document = Document.objects.get(kind="progress-report")
    assert "Untel" not in json.dumps(embedded(document))
    assert document.published_revision == current_revision(document)
    assert sealed_revisions(document).count() == 2
    assert ProposalNews.objects.filter(kind=ProposalEventKind.REPORT).count() == 2  # each told once


def test_only_the_lead_seals_and_only_what_is_whole(people, work):
    report = begun_report(people)
    for who in ("officer", "facilitator", "member", "president"):
        with pytest.raises(PermissionDenied):
            actions.seal(report, version=0, by=people[who])
    with pytest.raises(PermissionDenied):
        actions.seal(report, version=0, by=people.elsewhere("lead"))
    with pytest.raises(ValidationError, match="introduction"):
        actions.seal(report, version=0, by=people["lead"])
    later = timezone.localdate() + timedelta(days=1)
    actions.edit(report, ends_on=later, introduction=INTRODUCTION, version=0, by=people["officer"])
    with pytest.raises(ValidationError, match="pas finie"):
        actions.seal(report, version=1, by=people["lead"])
    with pytest.raises(EditConflict):
        actions.seal(report, version=0, by=people["lead"])
    assert not Rendition.objects.exists()


def test_a_text_saved_between_the_click_and_the_seal_is_not_sealed_unread(people, work):
    report = ready_report(people)
    job = actions.seal(report, version=0, by=people["lead"])
    actions.edit(report, ends_on=report.ends_on, introduction="Autre.", version=0, by=people["officer"])
    work()
    job.refresh_from_db()
    report.refresh_from_db()
    assert (job.state, report.published_at) == ("failed", None)
    assert "a changé depuis la demande" in job.error
    sealed_report(report, people, work)
    assert report.content["introduction"] == "Autre."


def test_one_whose_timestamp_came_later_is_published_by_the_same_click(people, work, monkeypatch):
    report = ready_report(people)
    monkeypatch.setattr(actions, "_publish", lambda report, document, by: None)
    sealed_report(report, people, work)
    assert report.published_at is None
    monkeypatch.undo()
    assert actions.seal(report, version=0, by=people["lead"]).is_ready
    report.refresh_from_db()
    assert report.published_at is not None


def test_the_database_refuses_what_would_rewrite_it(people):
    report = published_report(people)
    for facts in ({"introduction": "Autre."}, {"published_at": None}, {"ends_on": timezone.localdate()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProgressReport.objects.filter(pk=report.pk).update(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        report.delete()
    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        ProgressReport.objects.create(
            term=people.term, number=2, reference="X", starts_on=report.ends_on, ends_on=timezone.localdate()
        )
    with pytest.raises(EditConflict):
        actions.edit(report, ends_on=report.ends_on, introduction="Autre.", version=0, by=people["lead"])
    ProgressReport.objects.filter(pk=report.pk).update(content=report.content)


def test_the_pages_from_the_list_to_the_seal(people, signed_in):
    browser = signed_in("lead")
    listed = reverse("answers:progress-reports")
    assert "Le premier bilan commence avec" in look(browser, listed)
    assert browser.post(reverse("answers:progress-report-begin"), {"ends_on": "2030-01-01"}).status_code == 422
    followed_by(people, opened_on=timezone.localdate() - timedelta(days=200))
    assert "Commencer le premier bilan" in look(browser, listed)
    assert "Six mois sont proposés" in readable(look(browser, reverse("answers:progress-report-begin")))
    yesterday = timezone.localdate() - timedelta(days=1)
    browser.post(reverse("answers:progress-report-begin"), {"ends_on": yesterday.isoformat()})
    report = ProgressReport.objects.get()
    assert "Écrire l’introduction" in look(browser, desk(report))
    typed = {"introduction": INTRODUCTION, "ends_on": yesterday.isoformat(), "version": 0}
    assert browser.post(desk(report, "progress-report-text"), typed).status_code == 302
    late = browser.post(desk(report, "progress-report-text"), typed | {"introduction": "La mienne."})
    assert late.status_code == 409
    assert "La mienne." in late.text
    assert "trois mesures avancent" in late.text
    assert "Sceller et publier le bilan" in look(browser, desk(report))
    assert "Sceller et publier le bilan" not in look(signed_in("officer"), desk(report))
    assert signed_in("officer").post(desk(report), {"version": 1}).status_code == 403
    assert browser.post(desk(report), {"version": 0}).status_code == 409
    assert browser.post(desk(report, "progress-report-preview")).status_code == 302
    answer = browser.post(desk(report), {"version": 1})
    job = Rendition.objects.get(kind="progress-report")
    assert answer["Location"] == reverse("documents:rendition-progress", args=[job.public_id])
    assert "Cachet demandé" in readable(look(browser, desk(report)))
    assert browser.get(page(report)).status_code == 404  # not before its seal
    elsewhere = signed_in(people.elsewhere("lead"))
    for name in ("desk-progress-report", "progress-report-text"):
        assert elsewhere.get(desk(report, name)).status_code == 404


def test_anybody_comes_to_a_published_report_from_every_place(people, work, client, signed_in):
    """The list, the home, the list of opinions, the map, the feed of the publications, the search."""
    listed = reverse("answers:public-progress-reports")
    assert "Aucun bilan" in look(client, listed)
    assert listed not in look(client, "/")
    assert listed not in look(client, "/sitemap.xml")
    draft = ready_report(people)
    call_command("reindex_search", "progress-report")
    found = reverse("search:results") + "?q=avancent"
    assert page(draft) not in look(client, listed) + look(client, found)
    sealed_report(draft, people, work)
    published_report(people)
    call_command("reindex_search", "progress-report")
    assert re.findall(r'href="(/bilans/.+?/)"', look(client, listed)) == [
        reverse("answers:progress-report", args=[f"{people.term.code}-BILAN-{number:02}"]) for number in (2, 1)
    ]
    assert page(draft) in look(signed_in("member"), found)
    for address, there in (
        ("/", listed),
        (reverse("opinions:public-list"), listed),
        (page(draft), listed),
        ("/sitemap.xml", f"{listed}<"),
        ("/sitemap.xml", page(draft)),
        (reverse("documents:feed"), page(draft)),
        (found, page(draft)),
    ):
        assert there in look(client, address), address
    assert page(draft) in look(client, f"{listed}?apres={2**63}")


def test_a_list_of_reports_costs_the_same(people, client):
    def cost():
        cache.clear()
        with CaptureQueriesContext(connection) as made:
            client.get(reverse("answers:public-progress-reports"))
        return len(made)

    published_report(people)
    cost()
    few = cost()
    for _number in range(3):
        published_report(people)
    assert cost() == few


def test_odd_input_is_refused_or_kept_as_it_is_and_never_an_error(people, signed_in):
    report, browser, chance = begun_report(people), signed_in("officer"), random.Random(15)
    for _turn in range(25):
        typed = {
            "introduction": "".join(chance.choices([*ODD, "Oui. "], k=3)),
            "ends_on": chance.choice([*ODD[:8], "2027-01-01", "0001-01-01", "9999-12-31", "31/02/2027", ""]),
            "version": chance.choice([*ODD, str(2**63), "-1", "0", ""]),
        }
        assert browser.post(desk(report, "progress-report-text"), typed).status_code in {302, 400, 409, 422}
        cache.clear()
        assert browser.get(desk(report)).status_code == 200
    lead = signed_in("lead")
    for version in [*ODD, str(2**63), "", "²", "9" * 5000]:
        assert lead.post(desk(report), {"version": version}).status_code in {302, 400, 409}
    assert not Rendition.objects.exists()


def test_the_lead_is_told_after_six_months(people, signed_in):
    def is_asked(who="lead"):
        return "Faire le bilan des suites données" in readable(look(signed_in(who), reverse("portal:desk-home")))

    row = followed_by(people, opened_on=timezone.localdate() - timedelta(days=170))
    assert not is_asked()
    FollowUp.objects.filter(pk=row.pk).update(opened_on=timezone.localdate() - timedelta(days=190))
    assert is_asked()
    assert not is_asked("officer")
    published_report(people)
    assert not is_asked()


def test_statements_do_not_grow_with_what_it_tells(people, client):
    report = ready_report(people)

    def cost():
        with CaptureQueriesContext(connection) as made:
            report_content(report)
        return len(made)

    cost()
    few = cost()
    for _n in range(8):
        row = followed_by(people, S.DONE)
        MilestoneFactory(follow_up=row)
    assert cost() == few


@pytest.mark.django_db(transaction=True)
def test_two_at_once_begin_one_and_ask_for_one_seal(people):
    row = followed_by(people, opened_on=timezone.localdate() - timedelta(days=190))
    yesterday, lead = timezone.localdate() - timedelta(days=1), people["lead"]
    begun = together(*(lambda: actions.begin(people.term, ends_on=yesterday, by=lead) for _n in range(2)))
    assert names(begun) == ["ProgressReport", "ValidationError"]
    report = ProgressReport.objects.get()
    texts = together(
        *(
            lambda words=words: actions.edit(
                ProgressReport.objects.get(), ends_on=yesterday, introduction=words, version=0, by=lead
            )
            for words in ("Un.", "Deux.")
        )
    )
    assert names(texts) == ["EditConflict", "ProgressReport"]
    asked = together(
        *(
            lambda: actions.seal(ProgressReport.objects.select_related("term__assembly").get(), version=1, by=lead)
            for _n in range(2)
        )
    )
    assert names(asked) == ["Rendition", "Rendition"]
    assert len({job.pk for job in asked}) == 1
    assert re.fullmatch(r"AC\d+-BILAN-01", report.reference)
    assert row.case.reference in json.dumps(ProgressReport.objects.get().content)
