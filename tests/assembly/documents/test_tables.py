"""The README says what the code does: states and rights."""

from pathlib import Path

import pytest

from assembly import documents
from assembly.documents import rules
from assembly.documents.workflow import DOCUMENT, FILE_TEXT, RENDITION, UPLOAD
from tests.factories.documents import DocumentFactory, RenditionFactory, UploadFactory

README = (Path(documents.__file__).parent / "README.md").read_text(encoding="utf-8")

TABLES = [("Rendition", RENDITION), ("Document", DOCUMENT), ("Upload", UPLOAD), ("FileText", FILE_TEXT)]


def table(title):
    """Return the rows of the first table under a heading, the header first."""
    part = README.split(f"# {title}\n", 1)[1]
    lines = [line for line in part.split("\n#", 1)[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line]


@pytest.mark.parametrize(("title", "workflow"), TABLES)
def test_states_of_the_readme_are_those_of_the_workflow(title, workflow):
    written = {
        (step_name, frozenset(source.split(", ")), target, who) for step_name, source, target, who in table(title)[1:]
    }
    assert written == {(step.name, step.sources, step.target, who(step)) for step in workflow.steps}


def who(step):
    return ", ".join(map(str, step.by.labels)) or "nobody"


@pytest.mark.django_db
def test_rights_of_the_readme_are_those_of_the_rules(people):
    header, *rows = table("Rights")
    asked = RenditionFactory(requested_by=people["officer"])
    subjects = {
        "can_publish": DocumentFactory(term=people.term),
        "can_read_document, published": DocumentFactory(term=people.term, published=True),
        "can_read_document, not published": DocumentFactory(term=people.term),
        "can_read_rendition": asked,
        "can_read_upload": UploadFactory(),
        "can_await_upload": UploadFactory(state="waiting"),
    }
    found = []
    for name, *_said in rows:
        rule = getattr(rules, name.partition(",")[0])
        found.append([name, *("yes" if rule(people[who], subjects[name]) else "no" for who in header[1:])])
    assert found == rows
