"""Deciding proposals and speaking beside a text: by rule, by page, by mail."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.collab import mails as collab, registry, rules
from assembly.collab.actions import suggestions, texts, threads
from assembly.collab.document import plain_text
from assembly.collab.mails import line_of
from assembly.collab.models import Suggestion, SuggestionState, TextEvent, TextEventKind, TextRight, Thread
from assembly.collab.queries import open_suggestions, sidebar_of, tree_of
from assembly.institution.models import Role
from assembly.notifications.composing import email_message
from assembly.notifications.models import Delivery
from assembly.notifications.registry import kinds
from assembly.text.french import of_name
from tests.factories.institution import DirectorateFactory, RoleAssignmentFactory

pytestmark = pytest.mark.django_db
S = SuggestionState


@pytest.fixture
def proposed(new_text, someone):
    """Make a text with two suggestions of one member: « Bonjour [+à tous ]le monde[-entier] »."""
    writer, member = someone(), someone(TextRight.SUGGEST)
    ids = [f"{member.pk}-a-1", f"{member.pk}-a-2"]

    def mark(kind, mark_id, text):
        return {"type": "text", "text": text, "marks": [{"type": kind, "attrs": {"id": mark_id}}]}

    content = [
        {"type": "text", "text": "Bonjour "},
        mark("insertion", ids[0], "à tous "),
        {"type": "text", "text": "le monde"},
        mark("deletion", ids[1], " entier"),
    ]
    tree = {"type": "doc", "content": [{"type": "paragraph", "content": content}]}
    text = texts.create("essai", title="Salut", assembly=new_text().assembly, runs=[(writer, tree)], by=writer)
    text.writer, text.member, text.ids = writer, member, ids
    return text


def words_of(text):
    return plain_text.to_text(tree_of(text)).strip()


def states(text):
    return dict(Suggestion.objects.filter(text=text).values_list("mark_id", "state"))


def test_accept_one_reject_the_other_and_their_author_reads_why(proposed, rights):
    text, (first, second) = proposed, proposed.ids
    assert [(item.kind, item.author) for item in open_suggestions(text)] == [
        ("insertion", text.member),
        ("deletion", text.member),
    ]
    assert suggestions.accept(text, [first], by=text.writer) == 1
    assert words_of(text) == "Bonjour à tous le monde entier"
    with pytest.raises(ValidationError):
        suggestions.reject(text, [second], by=text.writer, reason=" ")
    assert suggestions.reject(text, [second], by=text.writer, reason="Le mot reste utile.") == 1
    assert states(text) == {first: S.ACCEPTED, second: S.REJECTED}
    assert open_suggestions(text) == []
    events = list(TextEvent.objects.order_by("pk").values_list("user", "kind"))
    assert events == [(text.member.pk, TextEventKind.ACCEPTED), (text.member.pk, TextEventKind.REJECTED)]
    verbs = list(Entry.objects.order_by("pk").values_list("event_type", flat=True))[-2:]
    assert verbs == ["suggestion_mark.accepted", "suggestion_mark.rejected"]
    assert [news.event_type for news in rights.told] == verbs
    with pytest.raises(ValidationError):
        suggestions.accept(text, [first], by=text.writer)


def test_all_at_once(proposed):
    assert suggestions.accept_all(proposed, by=proposed.writer) == 2
    assert words_of(proposed) == "Bonjour à tous le monde"


def test_all_refused(proposed):
    assert suggestions.reject_all(proposed, by=proposed.writer, reason="Une autre fois.") == 2
    assert words_of(proposed) == "Bonjour le monde entier"


def test_only_writers_decide_and_only_authors_withdraw(proposed, someone):
    text, other = proposed, someone(TextRight.SUGGEST)
    for user in (text.member, other):
        with pytest.raises(PermissionDenied):
            suggestions.accept(text, [text.ids[0]], by=user)
    suggestions.relist(text)
    row = Suggestion.objects.get(mark_id=text.ids[0])
    with pytest.raises(PermissionDenied):
        suggestions.withdraw(row, by=other)
    suggestions.withdraw(row, by=text.member)
    assert states(text)[text.ids[0]] == S.WITHDRAWN
    assert TextEvent.objects.count() == 0


def reader_by_role(rights, text, right=TextRight.COMMENT):
    user = RoleAssignmentFactory(assembly=text.assembly).user
    rights[user.pk] = right
    return user


def test_a_thread_from_question_to_answer(new_text, someone, rights, assignees):
    text = new_text("Un texte")
    asker, named, owner = (reader_by_role(rights, text) for _one in range(3))
    thread = threads.open_thread(
        text,
        anchor=f"{asker.pk}-a-1",
        quote="texte",
        body=f"Qu’en penses-tu, @{named.get_full_name()} ?",
        by=asker,
    )
    assignees.of(asker, people=[owner])
    threads.assign(thread, owner, by=asker)
    again = threads.open_thread(text, anchor=f"{asker.pk}-a-1", body="Encore", by=asker)
    assert (again.pk, thread.comments.count()) == (thread.pk, 2)
    threads.reply(thread, body="Du bien.", by=named)
    with pytest.raises(PermissionDenied):
        threads.resolve(thread, by=named)
    threads.resolve(thread, by=owner)
    with pytest.raises(PermissionDenied):
        threads.reply(thread, body="Trop tard", by=named)
    threads.reopen(thread, by=named)
    threads.withdraw_comment(thread.comments.get(author=named), by=named)
    told = sorted(TextEvent.objects.filter(dropped_at=None).values_list("user", "kind"))
    assert told == sorted([(named.pk, "mention"), (owner.pk, "assigned"), (asker.pk, "resolved")])
    assert list(
        Entry.objects.filter(event_type__startswith="text_thread").order_by("pk").values_list("event_type", flat=True)
    ) == [
        f"text_thread.{what}"
        for what in ("opened", "assigned", "replied", "resolved", "reopened", "comment_withdrawn")
    ]


def test_who_may_not_speak(new_text, someone):
    text, reader = new_text("Un"), someone(TextRight.READ)
    with pytest.raises(PermissionDenied):
        threads.open_thread(text, body="Je parle", by=reader)
    with pytest.raises(ValidationError):
        threads.open_thread(text, body=" ", by=someone())


@pytest.fixture
def agents(rights):
    """Make a directorate with two agents who comment, one who may not read and one who left."""
    directorate = DirectorateFactory()

    def agent(right, **facts):
        held = RoleAssignmentFactory(
            role=Role.DIR_CONTACT, term=None, directorate=directorate, assembly=directorate.assembly, **facts
        )
        rights[held.user_id] = right
        return held.user

    directorate.commenting = [agent(TextRight.COMMENT), agent(TextRight.COMMENT)]
    directorate.blind = agent(TextRight.NONE)
    directorate.gone = agent(TextRight.COMMENT, ended_at=timezone.now())
    return directorate


def told_of_threads():
    return list(
        TextEvent.objects.filter(dropped_at=None, kind="assigned").order_by("pk").values_list("user", flat=True)
    )


def test_a_thread_goes_to_one_person_then_to_a_directorate_and_comes_back(new_text, someone, assignees, agents):
    text, officer, colleague = new_text("Un texte"), someone(), someone()
    thread = threads.open_thread(text, body="Combien cela coûte-t-il ?", by=someone(TextRight.COMMENT))
    assignees.of(officer, people=[colleague], directorates=[agents])
    threads.assign(thread, colleague, by=officer)
    threads.assign(thread, colleague, by=officer)
    assert (thread.assignee, told_of_threads()) == (colleague.get_full_name(), [colleague.pk])
    threads.assign(thread, agents, by=officer)
    thread.refresh_from_db()
    assert (thread.assigned_to, thread.assignee) == (None, agents.name)
    assert sorted(told_of_threads()) == sorted(agent.pk for agent in agents.commenting)
    assert [rules.can_resolve(user, thread) for user in (agents.commenting[0], agents.gone)] == [True, False]
    threads.take_back(thread, by=officer)
    threads.take_back(thread, by=officer)
    thread.refresh_from_db()
    assert (thread.assignee, told_of_threads()) == ("", [])
    threads.assign(thread, colleague, by=officer)
    assert told_of_threads() == [colleague.pk]
    verbs = list(
        Entry.objects.filter(event_type__startswith="text_thread").order_by("pk").values_list("event_type", flat=True)
    )
    assert [verb.split(".")[1] for verb in verbs] == ["opened", "assigned", "assigned", "taken_back", "assigned"]


def test_who_gives_a_thread_and_to_whom(new_text, someone, assignees, agents):
    text, officer, member = new_text("Un texte"), someone(), someone()
    thread = threads.open_thread(text, body="Est-ce clair ?", by=member)
    outside = DirectorateFactory(assembly__second=True)
    empty = DirectorateFactory(code="vide")
    assignees.of(officer, people=[officer, someone(TextRight.NONE)], directorates=[agents, empty])
    for to in (member, assignees[officer.pk].people[1], outside, empty):
        with pytest.raises(ValidationError):
            threads.assign(thread, to, by=officer)
    for act in (lambda: threads.assign(thread, officer, by=member), lambda: threads.take_back(thread, by=member)):
        with pytest.raises(PermissionDenied):
            act()
    threads.assign(thread, officer, by=officer)
    assert told_of_threads() == []
    threads.resolve(thread, by=officer)
    with pytest.raises(PermissionDenied):
        threads.assign(thread, agents, by=officer)


def test_the_mail_says_that_the_directorate_was_asked(new_text, someone, assignees, agents):
    text, officer, asker = new_text("Un texte"), someone(), someone()
    thread = threads.open_thread(text, body="Combien ?", by=asker)
    assignees.of(officer, directorates=[agents])
    threads.assign(thread, agents, by=officer)
    line = line_of(TextEvent.objects.filter(kind="assigned").first())
    assert line.what == "Un commentaire vous est confié"
    assert line.detail == f"Commentaire {of_name(asker.get_full_name())}, confié à votre direction : {agents.name}."


def test_the_team_alone_finds_the_control_beside_the_text(new_text, someone, assignees, agents, signed_in):
    text, officer, member = new_text("Un texte"), someone(), someone()
    thread = threads.open_thread(text, body="Combien ?", by=member)
    assignees.of(officer, people=[officer], directorates=[agents])
    address = f"/co-redaction/{text.public_id}"
    give, page = f"{address}/commentaires/{thread.public_id}/", signed_in(officer)
    html = page.get(f"{address}/a-cote/").text
    assert f'<option value="d{agents.pk}">{agents.name}</option>' in html
    assert "Reprendre" not in html
    assert page.post(give, {"step": "assign", "to": f"d{agents.pk}"}).status_code == 302
    html = page.get(f"{address}/a-cote/").text
    assert f"Confié à {agents.name}" in html
    assert "Reprendre" in html
    answer = page.post(give, {"step": "take_back"}, headers={"HX-Request": "true"})
    assert "Confié à" not in answer.text
    for to, status in (("", 422), ("d", 422), ("x1", 422), ("p999999", 404), (f"p{member.pk}", 422)):
        sent = page.post(give, {"step": "assign", "to": to}, headers={"HX-Request": "true"})
        assert sent.status_code == status, to
    other = signed_in(member)
    html = other.get(f"{address}/a-cote/").text
    assert "Confier" not in html
    assert "Reprendre" not in html
    for sent in ({"step": "assign", "to": f"d{agents.pk}"}, {"step": "take_back"}):
        assert other.post(give, sent).status_code == 403


def test_one_mail_a_working_morning(proposed, rights):
    text = proposed
    suggestions.accept_all(text, by=text.writer, reason="D’accord.")
    TextEvent.objects.update(happened_at=datetime(2026, 11, 24, 18, tzinfo=ZoneInfo("Europe/Paris")))
    night = datetime(2026, 11, 25, 6, tzinfo=ZoneInfo("Europe/Paris"))
    assert collab.send_all(night) == 0
    assert (collab.send_all(night.replace(hour=9)), collab.send_all(night.replace(hour=10))) == (1, 0)
    delivery = Delivery.objects.get()
    assert delivery.person_id == text.member.person_id
    assert TextEvent.objects.filter(sent_at=None).count() == 0
    lines = kinds["text-digest"].context(delivery.distribution, delivery)["lines"]
    assert [(line.what, line.about, line.detail) for line in lines] == [
        ("Votre proposition est acceptée", "Salut", "Motif : « D’accord. »")
    ]
    assert lines[0].url.endswith(f"/essai/{text.pk}/")
    assert "Salut" in email_message(delivery).body


def test_the_page_beside_decides_and_answers(proposed, signed_in, someone, rights, assignees):
    text = proposed
    address = f"/co-redaction/{text.public_id}"
    page = signed_in(text.writer)
    html = page.get(f"{address}/a-cote/").content.decode()
    assert "Ajouter «" in html
    answer = page.post(
        f"{address}/propositions/", {"step": "accept", "id": text.ids[0]}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, "Ajouter «" in answer.content.decode()) == (200, False)
    answer = page.post(
        f"{address}/propositions/", {"step": "reject", "id": text.ids[1]}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, "Dites pourquoi" in answer.content.decode()) == (422, True)
    answer = page.post(f"{address}/propositions/", {"step": "reject", "id": text.ids[1], "reason": "Non."})
    assert (answer.status_code, answer.url) == (302, f"/essai/{text.pk}/#a-cote")
    assert states(text) == {text.ids[0]: S.ACCEPTED, text.ids[1]: S.REJECTED}
    said = page.post(
        f"{address}/commentaires/", {"body": "Bien", "quote": "x"}, headers={"Accept": "application/json"}
    )
    assert (said.status_code, set(said.json())) == (200, {"sentence"})
    assert (
        page.post(f"{address}/commentaires/", {"body": ""}, headers={"Accept": "application/json"}).status_code == 422
    )
    thread = Thread.objects.get()
    for step, body in (("reply", "Oui"), ("resolve", ""), ("reopen", "")):
        assert (
            page.post(f"{address}/commentaires/{thread.public_id}/", {"step": step, "body": body}).status_code == 302
        )
    holder = reader_by_role(rights, text)
    assignees.of(text.writer, people=[holder])
    assert "Confier ce commentaire" in page.get(f"{address}/a-cote/").content.decode()
    page.post(f"{address}/commentaires/{thread.public_id}/", {"step": "assign", "to": f"p{holder.pk}"})
    thread.refresh_from_db()
    assert thread.assigned_to == holder
    comment = thread.comments.first()
    assert page.post(f"{address}/commentaires/retirer/{comment.pk}/").status_code == 302
    stranger = signed_in(someone(TextRight.NONE))
    assert stranger.get(f"{address}/a-cote/").status_code == 404
    member = signed_in(text.member)
    assert member.post(f"{address}/propositions/", {"step": "accept_all"}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_whatever_it_holds(new_text, someone, django_assert_num_queries, count):
    text, user = new_text("Un texte"), someone()
    for number in range(count):
        thread = threads.open_thread(text, body=f"Oui {number}", by=someone())
        threads.reply(thread, body="Non", by=user)
    tree = tree_of(text)
    with django_assert_num_queries(4):  # threads, their comments, readers, what was decided; the right is known
        found = sidebar_of(text, user, tree, rules.granted_right(user, text))
    assert len(found.threads) == count


def test_late_words_go_where_the_text_or_its_owner_lets_them(new_text, someone, rights, signed_in, monkeypatch):
    text, other = new_text("Un texte"), new_text("Celui qui a pris sa place")
    author = someone()
    page, address = signed_in(author), f"/co-redaction/{text.public_id}/mots-en-retard/"
    texts.annotate(text, by=text.updates.get().author)
    html = page.get(address).text
    assert f'data-threads="/co-redaction/{text.public_id}/commentaires/"' in html
    assert "<form" not in html
    texts.freeze(text, by=author)
    assert "data-assembly-late-do" not in page.get(address).text
    later = registry.LateTextOptions("En faire autre chose", "/essai/autre/", other, "Demain : tout s’ouvrira.")
    kind = replace(registry.kinds["essai"], late=lambda text, user: later)
    monkeypatch.setitem(registry.kinds, "essai", kind)
    html = page.get(address).text
    assert f'data-threads="/co-redaction/{other.public_id}/commentaires/"' in html
    assert 'action="/essai/autre/"' in html
    assert "En faire autre chose" in html
    assert "Demain" in html
    rights[author.pk] = TextRight.READ
    assert "data-assembly-late-do" not in page.get(address).text
    assert signed_in(someone(TextRight.NONE)).get(address).status_code == 404
