"""`manage.py verify_document`: exit 0 only for a document that is authentic."""

import io

import pytest
from django.core.management import CommandError, call_command

from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Revision
from tests.factories.institution import TermFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(kinds, work):
    request_rendition(TermFactory(), "test-sheet")
    work()
    return Revision.objects.get(purpose="seal").open()


def run(path):
    output = io.StringIO()
    try:
        call_command("verify_document", str(path), stdout=output)
    except SystemExit as exit_:
        return exit_.code, output.getvalue()
    return 0, output.getvalue()


def test_an_authentic_file_exits_zero(sealed, tmp_path):
    path = tmp_path / "cr.pdf"
    path.write_bytes(sealed)
    code, said = run(path)
    assert code == 0
    assert said.startswith("Authentique et à jour.\nTEST-")
    assert "Sans horodatage." in said


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda content: content + b"\n", "Modifié"),
        (lambda content: content[: len(content) // 2], "Modifié"),
        (lambda content: b"%PDF-1.7", "Inconnu"),
        (lambda content: b"", "Inconnu"),
    ],
)
def test_anything_else_exits_one(sealed, tmp_path, change, sentence):
    path = tmp_path / "cr.pdf"
    path.write_bytes(change(sealed))
    code, said = run(path)
    assert (code, sentence in said) == (1, True)


def test_the_base_without_its_seal_is_unfinished(sealed, tmp_path):
    path = tmp_path / "cr.pdf"
    path.write_bytes(Revision.objects.get(purpose="base").open())
    code, said = run(path)
    assert (code, "incomplète" in said) == (1, True)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        run(tmp_path / "none.pdf")
