"""A ZIP that somebody sends is opened only when all of it is honest."""

import io
import time
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from assembly.files import archives
from assembly.files.fields import FilesField, open_archive
from tests.files import archive, pdf, word

KINDS = ("pdf", "office", "text")
NOTE = b"une note"


def opened(content, **options):
    return open_archive(content, **{"kinds": KINDS, "max_size": 1024 * 1024, **options})


def refusal(content, **options):
    with pytest.raises(ValidationError) as refused:
        opened(content, **options)
    return refused.value


def entry(name, content=NOTE, **facts):
    """Return an archive of one entry whose header was tampered with."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        described = zipfile.ZipInfo(name)
        for fact, value in facts.items():
            setattr(described, fact, value)
        made.writestr(described, content)
    return target.getvalue()


def test_every_file_comes_out_judged_with_its_title():
    content = archive(
        {
            "Dossier/": "",
            "Dossier/Budget 2026.pdf": pdf("Budget"),
            "Dossier/menteur.pdf": word("En vérité un document"),
            "lisez-moi.txt": "Bonjour",
            "__MACOSX/Dossier/._Budget 2026.pdf": "junk",
            "Dossier/.DS_Store": "junk",
        }
    )
    assert [file.full_name for file in opened(content)] == ["Budget 2026.pdf", "menteur.docx", "lisez-moi.txt"]


@pytest.mark.parametrize(
    "name", ["../evil.txt", "a/../../evil.txt", "/etc/evil.txt", "C:\\evil.txt", "a\\..\\evil.txt", "..", "a/.."]
)
def test_a_name_that_leaves_the_archive_is_refused(name):
    assert refusal(entry(name)).code == "archive_path"


def locked():
    content = bytearray(archive({"a.txt": NOTE}))
    content[6] |= 1  # the flag of the local header, then that of the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def overlapping():
    """Return an archive with two entries at the same bytes, as in the smallest zip bombs."""
    content = archive({"a.txt": NOTE, "b.txt": NOTE})
    second = content.rindex(b"PK\x01\x02")
    return content[: second + 42] + b"\0\0\0\0" + content[second + 46 :]


HOSTILE = {
    "archive_link": lambda: entry("lien.txt", b"/etc/passwd", create_system=3, external_attr=0o120777 << 16),
    "archive_locked": locked,
    "archive_empty": lambda: archive({"vide/": "", ".DS_Store": "x"}),
    "archive_many": lambda: archive({f"{n}.txt": "x" for n in range(101)}),
    "archive_twice": lambda: archive({"Note.txt": "a", "note.TXT": "b"}),
    "archive_nested": lambda: archive({"dedans.pdf": archive({"a.txt": "x"})}),
    "archive_heavy": lambda: archive({"zeros.txt": b"0" * (3 * 1024 * 1024)}),
    "archive_broken": lambda: archive({"a.txt": NOTE})[:40],
}


@pytest.mark.parametrize("code", HOSTILE)
def test_a_dishonest_archive_is_refused_with_a_sentence(code):
    found = refusal(HOSTILE[code]())
    assert found.code == code
    assert found.messages[0].endswith(".")


def test_entries_that_share_their_bytes_are_refused():
    assert refusal(overlapping()).code == "archive_broken"


def test_rare_packings_are_refused():
    assert refusal(archive({"a.txt": NOTE}, zipfile.ZIP_LZMA)).code == "archive_broken"


def test_a_bomb_is_refused_before_anything_is_unpacked(monkeypatch):
    content = archive({f"{n}.txt": b"0" * (60 * 1024 * 1024) for n in range(3)})
    monkeypatch.setattr(archives, "extract_entry", None)
    started = time.monotonic()
    assert refusal(content).code == "archive_heavy"
    assert time.monotonic() - started < 1


def test_every_refused_file_is_named_and_none_is_taken():
    content = archive({"bon.txt": NOTE, "plan.svg": "<svg/>", "gros.txt": b"ab" * 900, "macro.docx": word("x")})
    messages = refusal(content, kinds=("text",), max_size=1000).messages
    assert [message.split(" : ")[0] for message in messages] == ["« plan.svg »", "« gros.txt »", "« macro.docx »"]


def test_a_sentence_never_repeats_control_characters():
    assert "\u202e" not in refusal(entry("../a\u202etxt.exe")).messages[0]


def test_files_and_archives_may_be_sent_together():
    sent = [
        SimpleUploadedFile("Lettre.pdf", pdf("Lettre")),
        SimpleUploadedFile("dossier.zip", archive({"a/Note.txt": NOTE})),
    ]
    assert [file.title for file in FilesField(kinds=KINDS).clean(sent)] == ["Lettre", "Note"]


def test_too_many_files_none_or_a_bad_one_are_said():
    field = FilesField(kinds=KINDS, max_files=1)
    notes = [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]
    for sent, code in [
        (notes, "many"),
        ([], "required"),
        ([SimpleUploadedFile("x.svg", b"<svg/>")], "kind"),
        ([SimpleUploadedFile("x.zip", HOSTILE["archive_link"]())], "archive_link"),
    ]:
        with pytest.raises(ValidationError) as refused:
            field.clean(sent)
        assert refused.value.error_list[0].code == code
    assert FilesField(kinds=KINDS, required=False).clean([]) == []


def test_the_input_accepts_several_files():
    html = FilesField(kinds=("pdf",)).widget.render("papers", None, {"id": "id_papers"})
    assert "multiple" in html


def test_limits_of_the_archive_itself(monkeypatch):
    monkeypatch.setattr(archives, "MAX_ARCHIVE", 100)
    assert refusal(archive({"a.txt": NOTE})).code == "size"
