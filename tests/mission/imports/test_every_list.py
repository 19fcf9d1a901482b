"""Every list whose rows people of the desk create by a form takes a file, or stands here with its reason."""

import re

from mission.registers.declaration import registers
from tests.security.expectations import ROUTES

CREATES = re.compile(
    r"[:-](?:add|create|new|enter|record|invite|start|begin|prepare|papers|paper|for|make|write-to|suggest)$"
)
# The address of a form that creates a row: the address that takes a file of them.
IMPORTED = {
    "institution:committee-create": "imports:body-import-start",
    "institution:seat-add": "imports:seat-import-start",
    "institution:directorate-create": "imports:directorate-import-start",
    "institution:invite": "imports:account-import-start",
    "members:member-add": "members:import-start",
    "members:person-add": "members:person-import-start",
    "draws:candidate-enter": "draws:import-start",
    "sittings:start": "sittings:import-start",
    "sittings:create": "sittings:import-start",
    "sittings:expenses-paper": "sittings:expense-claims-import-start",
    "sittings:expense-for": "sittings:expense-claims-import-start",
    "sittings:expense-line-add": "sittings:expense-claims-import-start",
    "sittings:expense-rate-add": "sittings:expense-rates-import-start",
    "consultations:create": "consultations:import-start",
}
EXCEPTIONS = """
two or three in ten years: institution:term-create draws:call-prepare draws:begin draws:internal-begin
a vote, a decision or minutes, which no file makes: sittings:ballot-prepare sittings:decision-add
  sittings:minutes-start opinions:part-add opinions:position-record consultations:suggestion-record
  sittings:answer-record sittings:action-add
an act on rows that are there: members:member-invite sittings:expense-batch-make sittings:actions-item-add
text written together, with its own reading of a document: opinions:create opinions:amendment-record
a page of its own pastes several at once: sittings:item-add
files, dropped several at once: consultations:briefing-add sittings:papers
a few lines of one dossier: consultations:hearing-create consultations:guest-add
  answers:progress-report-begin
a message: correspondence:write-to
a line typed on the page that it is about: tasks:add tasks:note-add
five pages of one’s own: tasks:pin-add
"""


def excepted():
    lines = EXCEPTIONS.strip().replace("\n  ", " ").splitlines()
    return {name for line in lines for name in line.partition(": ")[2].split()}


def test_every_form_that_creates_rows_has_its_file():
    """A new form that creates rows is red here until its list takes a file, or a reason is written above."""
    desk = {name for name, route in ROUTES.items() if {"lead", "officer"} & set(str(route.post).split())}
    creating = {name for name in desk if CREATES.search(name) and not re.match(r"mission:|demo:|.*import-", name)}
    assert creating == set(IMPORTED) | excepted()
    assert set(IMPORTED.values()) <= set(ROUTES)


def test_every_register_and_its_lines_take_files():
    for key, register in registers.items():
        prefixes = [key, *(f"{key}-{lines.key}" for lines in register.lines)]
        assert {f"mission:{prefix}-import-start" for prefix in prefixes} <= set(ROUTES)
