"""The owner of the database who rewrites the whole chain is found out by the heads that left."""

import hashlib
import json
import logging
import re
from base64 import b64decode

import pytest
from asn1crypto import cms
from django.core import mail
from django.core.management import CommandError, call_command

from assembly.audit.models import Entry, Head, Link
from assembly.audit.verification import verify
from assembly.portal import journal, tasks
from assembly.portal.health import service_lines
from assembly.web.logs import AdministratorMailHandler
from tests.assembly.audit.test_chain import as_owner, write
from tests.assembly.documents.seal import authority

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def journal_folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.JOURNAL_HEADS_FILE = tmp_path / "journal-heads.jsonl"
    settings.JOURNAL_STATUS_FILE = tmp_path / "journal.json"
    settings.JOURNAL_WITNESSES = ["greffe@example.org", "notaire@example.org"]
    settings.ADMINS = ["admin@example.org"]
    write(4)
    return tmp_path


@pytest.fixture
def administrators():
    """Return the handler that the production settings give to `assembly`."""
    handler = AdministratorMailHandler()
    handler.setLevel(logging.ERROR)
    logging.getLogger("assembly").addHandler(handler)
    yield handler
    logging.getLogger("assembly").removeHandler(handler)


def line():
    return next((line.value, line.is_late, line.advice) for line in service_lines() if line.label == "Journal")


def rewrite_everything():
    """Change the first line, then compute every link and every published head again, as the owner could."""
    first = Entry.objects.order_by("pk").first()
    as_owner(
        "UPDATE audit_entry SET canonical = replace(canonical, '\"number\":0', '\"number\":9') WHERE id = %s",
        [first.pk],
    )
    as_owner("UPDATE audit_entry SET facts = '{\"number\": 9}' WHERE id = %s", [first.pk])
    previous = "0" * 64
    for seq, canonical in Link.objects.order_by("seq").values_list("seq", "entry__canonical"):
        previous = hashlib.sha256((previous + canonical).encode()).hexdigest()
        as_owner("UPDATE audit_link SET hash = %s WHERE seq = %s", [previous, seq])
        as_owner("UPDATE audit_head SET hash = %s WHERE seq = %s", [previous, seq])


def test_the_head_leaves_for_each_witness_and_is_kept(journal_folder):
    journal.verify_and_send_head()
    last = Link.objects.order_by("-seq").first()
    kept = (journal_folder / "journal-heads.jsonl").read_text(encoding="utf-8")
    assert [(json.loads(text)["seq"], json.loads(text)["hash"]) for text in kept.splitlines()] == [(4, last.hash)]
    assert [letter.to for letter in mail.outbox] == [["greffe@example.org"], ["notaire@example.org"]]
    for letter in mail.outbox:
        assert last.hash in letter.body
        assert [(part.filename, part.content) for part in letter.attachments] == [("journal-4.jsonl", kept)]
    assert line()[0].startswith("intact (4 maillons), vérifié il y a 0\xa0minute, tête envoyée à 2 témoins")


def test_a_journal_that_did_not_move_sends_the_same_head_and_keeps_one_line(journal_folder):
    journal.verify_and_send_head()
    journal.verify_and_send_head()
    assert len((journal_folder / "journal-heads.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert len(mail.outbox) == 4


def test_the_owner_who_rewrites_the_whole_chain_is_found_that_night(journal_folder, administrators):
    Head.objects.create(seq=4, hash=Link.objects.get(seq=4).hash, published_at="2026-11-01T00:00:00Z")
    journal.verify_and_send_head()
    mail.outbox.clear()
    rewrite_everything()
    assert verify() == (4, None)  # the database alone cannot know
    journal.verify_and_send_head()
    administrators.flush()
    said = "La chaîne est coupée ou réécrite avant une tête publiée : maillon 4"
    assert [letter.to for letter in mail.outbox] == [["admin@example.org"]]
    assert said in mail.outbox[0].body
    assert len((journal_folder / "journal-heads.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    value, late, advice = line()
    assert (value.startswith(said), late, "témoins" in advice) == (True, True, True)
    with pytest.raises(CommandError, match=said):
        call_command("verify_audit")


def test_who_also_rewrites_the_kept_heads_is_found_by_the_file_of_a_witness(journal_folder, capsys):
    journal.verify_and_send_head()
    received = journal_folder / "received.jsonl"
    received.write_text(mail.outbox[0].attachments[0].content, encoding="utf-8")
    (journal_folder / "journal-heads.jsonl").unlink()
    call_command("verify_audit", heads=received)
    assert "comparés à 1 têtes gardées hors de la base" in capsys.readouterr().out
    rewrite_everything()
    call_command("verify_audit")
    with pytest.raises(CommandError, match="réécrite"):
        call_command("verify_audit", heads=received)


def test_a_cut_tail_is_found_by_the_kept_heads(journal_folder):
    journal.verify_and_send_head()
    last = Link.objects.order_by("-seq").first()
    as_owner("DELETE FROM audit_link WHERE seq = %s", [last.seq])
    as_owner("DELETE FROM audit_entry WHERE id = %s", [last.entry_id])
    journal.verify_and_send_head()
    assert line()[0].startswith("La chaîne est coupée")


@pytest.mark.parametrize("content", ["not json\n", '{"seq": 4}\n', "[]\n"])
def test_a_mangled_list_of_heads_is_an_alarm_and_not_an_accident(content, journal_folder):
    (journal_folder / "journal-heads.jsonl").write_text(content, encoding="utf-8")
    journal.verify_and_send_head()
    assert line()[:2] == (f"{journal_folder / 'journal-heads.jsonl'} : une ligne n’est pas une tête du journal.", True)
    with pytest.raises(CommandError, match="n’est pas une tête"):
        call_command("verify_audit")


def test_a_file_of_a_witness_that_does_not_exist_is_said(journal_folder):
    with pytest.raises(CommandError, match=re.escape("nowhere.jsonl")):
        call_command("verify_audit", heads=journal_folder / "nowhere.jsonl")


def test_a_relay_that_refuses_keeps_the_head_for_tomorrow(journal_folder, settings):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }
    journal.verify_and_send_head()
    assert len((journal_folder / "journal-heads.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    value, late, advice = line()
    assert ("tête envoyée à 0 témoin" in value, late, "relais" in advice) == (True, True, True)


def test_one_account_says_what_it_cannot_promise(journal_folder, settings, capsys):
    journal.verify_and_send_head()
    assert "qui le tient peut réécrire le journal entier" in line()[0]
    call_command("verify_audit")
    assert "Qui tient ce compte peut réécrire le journal entier" in capsys.readouterr().out
    settings.LOCAL = False
    value, late, advice = line()
    assert ("Ce poste" in value, late, advice.startswith("Le compte « ")) == (False, True, True)


def test_a_journal_that_nobody_verifies_is_late(journal_folder, settings):
    assert line()[:2] == ("jamais vérifié", True)
    settings.JOURNAL_STATUS_FILE.write_text('{"at": "2026-01-01T00:00:00+00:00", "finding": ""}', encoding="utf-8")
    assert line()[1]


def test_the_head_carries_the_token_of_the_authority(journal_folder, settings, tmp_path):
    with authority.over_http(authority.make(tmp_path)) as address:
        settings.TSA_URL = address
        journal.verify_and_send_head()
    head = json.loads((journal_folder / "journal-heads.jsonl").read_text(encoding="utf-8"))
    token = cms.ContentInfo.load(b64decode(head["timestamp"]))["content"]
    stamped = token["encap_content_info"]["content"].parsed["message_imprint"]["hashed_message"].native
    assert stamped.hex() == head["hash"]


def test_an_authority_that_is_away_does_not_keep_the_head_at_home(journal_folder, settings):
    settings.TSA_URL = "http://127.0.0.1:1/"
    journal.verify_and_send_head()
    assert json.loads((journal_folder / "journal-heads.jsonl").read_text(encoding="utf-8"))["timestamp"] == ""
    assert len(mail.outbox) == 2


def test_the_clock_verifies_each_night():
    from assembly.config.celery import app

    assert "assembly.portal.tasks.verify_journal" in {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert tasks.verify_journal.name == "assembly.portal.tasks.verify_journal"


def test_production_tells_administrators_of_errors_of_every_part(settings):
    """`assembly.documents` promised it and had no handler that mails."""
    source = (settings.BASE_DIR / "assembly" / "config" / "settings.py").read_text(encoding="utf-8")
    assert '"assembly": {"handlers": [] if LOCAL else ["mail_admins"], "level": "INFO"}' in source
