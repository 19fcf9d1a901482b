"""The answers in Word, OpenDocument and CSV: out, filled in, in again; nothing is written before a click."""

import csv
import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from odfdo import Document

from answers.models import Answer, AnswerCase, AnswerCaseState, AnswerConflictCopy, AnswerValue
from tests.answers.stage import answered_by
from tests.consultations.desk import another
from tests.factories.answers import WORDS, AnswerCaseFactory, AnswerFactory, said
from tests.factories.opinions import OpinionFactory, RecommendationFactory

pytestmark = pytest.mark.django_db
S, V = AnswerCaseState, AnswerValue
NEW = "Nous ouvrirons quatre guichets en mars, dans les cantons qui n’en ont pas."


@pytest.fixture
def opinion(people):
    return OpinionFactory(term=people.term, state="published")


@pytest.fixture
def files(people, opinion):
    """Make three answers to write, the last one rejected."""
    made = []
    for n, value in enumerate((V.ACCEPTED, V.UNDER_STUDY, V.REJECTED), start=1):
        row = RecommendationFactory(
            opinion=opinion, number=n, reference=f"{opinion.reference}-P{n:02}", title=f"Titre {n}"
        )
        made.append(answered_by(people, value=value, recommendation=row))
    return made


@pytest.fixture
def browser(signed_in):
    return signed_in("dir_contact")


def page(opinion):
    return reverse("answers:directorate-table", args=[opinion.pk])


def taken(browser, opinion, suffix="docx"):
    return browser.get(reverse("answers:directorate-table-file", args=[opinion.pk, suffix])).content


def brought(browser, opinion, content, name="reponses.docx"):
    return browser.post(page(opinion), {"file": SimpleUploadedFile(name, content)})


def bytes_of(document):
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def words_of(answer):
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def kept(browser, opinion, answer):
    keep = reverse("answers:directorate-table-keep", args=[opinion.pk])
    return browser.post(keep, {"content": answer.context["content"]}, follow=True)


def cell(document, table, label):
    return next(row.cells[2] for row in document.tables[table].rows if row.cells[1].text.startswith(label))


def lines(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def as_csv(rows, encoding="utf-8"):
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows(rows)
    return target.getvalue().encode(encoding)


def standing(case):
    return Answer.objects.filter(case=case).order_by("-number").first()


@pytest.mark.parametrize("suffix", ["docx", "csv"])
def test_out_and_in_again_changes_nothing(suffix, browser, opinion, files):
    answer = brought(browser, opinion, taken(browser, opinion, suffix), f"reponses.{suffix}")
    assert answer.status_code == 200
    assert "Rien n’est à écrire" in words_of(answer)
    assert len(answer.context["same"]) == 3


def test_the_spreadsheet_has_a_line_an_answer_and_opens(browser, opinion, files):
    AnswerCase.objects.get(pk=files[0].pk).answers.update(body="=SUM(A1)\nDeuxième ligne.", action="- un tiret")
    table = Document(io.BytesIO(taken(browser, opinion, "ods"))).body.get_tables()[0]
    rows = [[str(words or "") for words in row] for row in table.get_values()]
    assert [row[0] for row in rows] == ["Référence", *(case.reference for case in files)]
    assert rows[1][rows[0].index("La réponse, en mots simples")] == "'=SUM(A1)\nDeuxième ligne."
    same = brought(browser, opinion, as_csv(rows), "tableur.csv")
    assert "Rien n’est à écrire" in words_of(same)
    assert "'=SUM(A1)" in taken(browser, opinion, "csv").decode()
    assert "Rien n’est à écrire" in words_of(brought(browser, opinion, taken(browser, opinion, "csv"), "a.csv"))


def test_what_changes_is_shown_then_kept_as_drafts(browser, opinion, files, people):
    document = docx.Document(io.BytesIO(taken(browser, opinion)))
    cell(document, 0, "La réponse, en mots simples").text = NEW
    cell(document, 1, "Réponse").text = "déjà en place"
    cell(document, 1, "En place depuis le").text = "03/02/2026"
    cell(document, 1, "Réexaminée le").text = ""
    answer = brought(browser, opinion, bytes_of(document))
    assert "2 réponses changent" in words_of(answer)
    assert [standing(case).body for case in files] == [WORDS] * 3
    done = kept(browser, opinion, answer)
    assert "2 réponses sont gardées en brouillon" in words_of(done)
    first, second, third = (standing(case) for case in files)
    assert (first.body, first.version, first.saved_by) == (NEW, 1, people["dir_contact"])
    assert (second.value, f"{second.done_since}", second.review_on) == (V.ALREADY_DONE, "2026-02-03", None)
    assert third.version == 0
    kept(browser, opinion, answer)  # sent twice, it changes nothing more
    assert standing(files[0]).version == 1
    assert not AnswerConflictCopy.objects.exists()


def test_rows_moved_removed_added_and_given_twice(browser, opinion, files):
    head, first, second, third = lines(taken(browser, opinion, "csv"))
    body = head.index("La réponse, en mots simples")
    first[body] = NEW
    third[body] = NEW
    order = sorted(range(len(head)), key=lambda n: -n)
    strange = [*second]
    strange[0] = "AC9-2020-01-P01"
    rows = [head, third, first, third, strange, ["", *second[1:]]]
    answer = brought(browser, opinion, as_csv([[row[n] for n in order] for row in rows]), "a.csv")
    words = words_of(answer)
    assert [row.case for row in answer.context["drafts"]] == [files[0]]
    assert words.count("Elle est deux fois dans le fichier : gardez-en une.") == 2
    assert "Cette réponse n’est pas à vous dans cet avis." in words
    assert "La référence manque" in words
    assert f"Absentes du fichier, laissées comme elles sont : {files[1].reference}" in words
    kept(browser, opinion, answer)
    assert [standing(case).version for case in files] == [1, 0, 0]


def test_in_word_too_whatever_the_order_of_tables_and_rows(browser, opinion, files):
    document = docx.Document(io.BytesIO(taken(browser, opinion)))
    cell(document, 2, "La réponse, en mots simples").text = NEW
    first, second, third = (table._tbl for table in document.tables)
    rows = document.tables[2].rows
    third.remove(rows[8]._tr)  # a question taken out is left as it is
    third.append(third.tr_lst[5])  # another one at the end
    first.addprevious(third)
    second.getparent().remove(second)
    answer = brought(browser, opinion, bytes_of(document))
    assert [row.case for row in answer.context["drafts"]] == [files[2]]
    assert [difference.yours for difference in answer.context["drafts"][0].changes] == [NEW]
    document.tables[0].rows[4].cells[1].text = "Une question à nous"
    assert "cette question n’est pas dans la grille" in words_of(brought(browser, opinion, bytes_of(document)))


def test_what_cannot_be_read_of_an_answer_is_said_and_the_others_go_on(browser, opinion, files):
    head, first, second, third = lines(taken(browser, opinion, "csv"))
    first[head.index("Réponse")] = "peut-être"
    second[head.index("Réexaminée le")] = "au printemps"
    third[head.index("La réponse, en mots simples")] = NEW
    answer = brought(browser, opinion, as_csv([head, first, second, third]), "a.csv")
    words = words_of(answer)
    assert "« peut-être » n’est pas une réponse possible" in words
    assert "Réexaminée le : " in words
    assert [row.case for row in answer.context["drafts"]] == [files[2]]
    long = [*third]
    long[head.index("La réponse, en mots simples")] = "a" * 6001
    assert "La réponse, en mots simples :" in words_of(brought(browser, opinion, as_csv([head, long]), "a.csv"))


def test_a_stale_file_changes_nothing_and_shows_both_texts(browser, opinion, files):
    document = docx.Document(io.BytesIO(taken(browser, opinion)))
    cell(document, 0, "La réponse, en mots simples").text = NEW
    Answer.objects.filter(case=files[0]).update(version=3, action="Écrit entre-temps.")
    answer = brought(browser, opinion, bytes_of(document))
    words = words_of(answer)
    assert "Elle a changé depuis que ce fichier a été pris" in words
    assert NEW in words
    assert answer.context["drafts"] == []
    assert standing(files[0]).body == WORDS


def test_a_save_between_the_look_and_the_click_loses_nobodys_words(browser, opinion, files, people):
    document = docx.Document(io.BytesIO(taken(browser, opinion)))
    for table in (0, 1):
        cell(document, table, "La réponse, en mots simples").text = NEW
    answer = brought(browser, opinion, bytes_of(document))
    Answer.objects.filter(case=files[0]).update(version=1, body="Un collègue écrit autre chose ici même.")
    Answer.objects.filter(case=files[1]).update(version=1, action="Un collègue écrit à côté.")
    words = words_of(kept(browser, opinion, answer))
    assert "1 réponse est gardée en brouillon" in words
    assert "Ce texte a été enregistré entre-temps" in words
    assert standing(files[0]).body.startswith("Un collègue")
    assert (standing(files[1]).body, standing(files[1]).action) == (NEW, "Un collègue écrit à côté.")
    assert AnswerConflictCopy.objects.get().content["body"] == NEW


def test_an_answer_that_left_the_desk_is_refused(browser, opinion, files):
    document = docx.Document(io.BytesIO(taken(browser, opinion)))
    cell(document, 0, "La réponse, en mots simples").text = NEW
    AnswerCase.objects.filter(pk=files[0].pk).update(
        state=S.SUBMITTED, submitted_at=files[0].assigned_at, submitted_by=files[0].assigned_by
    )
    answer = brought(browser, opinion, bytes_of(document))
    assert "Vous ne pouvez plus l’écrire : elle est « à viser »." in words_of(answer)


def test_a_file_of_another_opinion_or_without_the_table_is_said(browser, opinion, files, people):
    other = OpinionFactory(term=people.term, state="published")
    row = RecommendationFactory(opinion=other, number=1, reference=f"{other.reference}-P01")
    answered_by(people, recommendation=row)
    answer = brought(browser, opinion, taken(browser, other))
    assert "Cette réponse n’est pas à vous dans cet avis." in words_of(answer)
    empty = docx.Document()
    empty.add_paragraph("Bonjour")
    answer = brought(browser, opinion, bytes_of(empty))
    assert answer.status_code == 422
    assert "partez d’un fichier de cette page" in words_of(answer)
    answer = brought(browser, opinion, as_csv([["Nom", "Prénom"], ["Vidal", "Ada"]]), "a.csv")
    assert answer.status_code == 422
    answer = brought(browser, opinion, as_csv([["Référence", "Humeur"], ["AC2", "Bonne"]]), "a.csv")
    assert "Ces colonnes ne sont pas dans le tableau : Humeur" in words_of(answer)
    answer = brought(browser, opinion, as_csv([["Référence", "Réponse", "réponse"], ["AC2", "", ""]]), "a.csv")
    assert "Une colonne est deux fois" in words_of(answer)


def test_windows_accents_and_what_no_gate_lets_through(browser, opinion, files):
    head, first, *_rest = lines(taken(browser, opinion, "csv"))
    first[head.index("Ce qui est prévu")] = "Décidé à Muret."
    answer = brought(browser, opinion, as_csv([head, first], "cp1252"), "a.csv")
    assert [row.changes[0].yours for row in answer.context["drafts"]] == ["Décidé à Muret."]
    for content in (b"\x00" * 50, b"a;b\n\x00;c\n", b"PK\x03\x04" + b"z" * 100, b""):
        assert brought(browser, opinion, content, "a.csv").status_code == 422


def test_nothing_is_kept_that_was_not_shown_to_this_reader(browser, opinion, files, people, signed_in):
    document = docx.Document(io.BytesIO(taken(browser, opinion)))
    cell(document, 0, "La réponse, en mots simples").text = NEW
    answer = brought(browser, opinion, bytes_of(document))
    keep = reverse("answers:directorate-table-keep", args=[opinion.pk])
    approver = signed_in("dir_approver")
    for content in (answer.context["content"], "", "forged", answer.context["content"][:-3] + "abc"):
        assert "déposez le fichier de nouveau" in words_of(approver.post(keep, {"content": content}, follow=True))
    _place, stranger, _approver = another(people)
    assert signed_in(stranger).get(page(opinion)).status_code == 404
    assert signed_in(stranger).post(keep, {"content": answer.context["content"]}).status_code == 404
    AnswerCase.objects.filter(pk=files[0].pk).update(directorate=_place)
    assert "Une réponse n’est plus à vous" in words_of(kept(browser, opinion, answer))
    assert standing(files[0]).body == WORDS


def test_the_elected_read_and_bring_nothing_back(opinion, files, signed_in):
    browser = signed_in("sponsor")
    assert "n’est à écrire par vous" in words_of(browser.get(page(opinion)))
    assert brought(browser, opinion, taken(browser, opinion)).status_code == 403


def test_the_list_leads_there_while_something_is_written(browser, opinion, files):
    listed = browser.get(reverse("answers:directorate-list"))
    assert page(opinion) in listed.text
    AnswerCase.objects.all().update(state=S.AWAITING, directorate=None, assigned_at=None, assigned_by=None)
    assert page(opinion) not in browser.get(reverse("answers:directorate-list")).text


def test_a_revision_goes_out_and_in_beside_the_published_words(browser, opinion, people):
    row = RecommendationFactory(opinion=opinion, number=1, reference=f"{opinion.reference}-P01")
    case = AnswerCaseFactory(recommendation=row, state=S.PUBLISHED, directorate=people.directorate)
    AnswerFactory(case=case, published=True, **said())
    document = docx.Document(io.BytesIO(taken(browser, opinion)))
    cell(document, 0, "La réponse, en mots simples").text = NEW
    browser_page = browser.get(page(opinion))
    assert "n’est à écrire par vous" in words_of(browser_page)
    assert brought(browser, opinion, bytes_of(document)).status_code == 403
