"""The file of the demonstration says what migrations and actions give, holds no secret, and loads whole."""

import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db.migrations.loader import MigrationLoader

from assembly.documents import storage
from assembly.local import addresses
from demo import archive

REBUILD = "À refaire :  ./run manage demo --rebuild"
MOST_BYTES = 2_000_000
# Rows that only this machine may write: keys, seals and what they cover, sessions, ways in.
NEVER_FILLED = {
    "account_emailconfirmation",
    "django_session",
    "documents_document",
    "documents_manifestentry",
    "documents_manifestseal",
    "documents_rendition",
    "documents_revision",
    "documents_sealcheck",
    "documents_signature",
    "institution_invitation",
    "mfa_authenticator",
    "notifications_localmessage",
}
# What two makings never have in common, and why. Pseudonyms are compared as the person whose they are;
# the bytes of a PDF are left to the Pango of the machine, and so is its size.
PUBLIC_ID, DATABASE_CLOCK = "a public identifier, drawn at random", "written by PostgreSQL’s own clock"
DIFFERS = {
    "audit_entry.canonical": "holds the digest of a free text with its nonce; its other words stand in other columns",
    "audit_entrydetail.nonce": "drawn at random",
    "audit_link.hash": "chains the canonical texts",
    "collab_sharedtext.public_id": PUBLIC_ID,
    "collab_update.data": "each writing carries a client number that Yjs draws",
    "consultations_briefingdocument.public_id": PUBLIC_ID,
    "consultations_directoratereview.public_id": PUBLIC_ID,
    "consultations_hearing.public_id": PUBLIC_ID,
    "consultations_referral.public_id": PUBLIC_ID,
    "django_migrations.applied": "the moment of the migration",
    "documents_upload.public_id": PUBLIC_ID,
    "draws_candidate.public_id": PUBLIC_ID,
    "draws_computation.progressed_at": DATABASE_CLOCK,
    "draws_poolentry.key": "a private link, drawn at random",
    "identity_attemptcounter.count": "counted in windows of the clock",
    "identity_attemptcounter.key": "a digest keyed by the installation's secret",
    "identity_attemptcounter.last_at": DATABASE_CLOCK,
    "identity_attemptcounter.since": DATABASE_CLOCK,
    "identity_person.pseudonym": PUBLIC_ID,
    "imports_importbatch.public_id": PUBLIC_ID,
    "mission_depositlink.address_digest": "keyed by the installation's secret",
    "mission_depositlink.digest": "of a private link, drawn at random",
    "mission_grantdeposit.public_id": PUBLIC_ID,
    "mission_listsubscriber.public_id": PUBLIC_ID,
    "mission_listwithdrawal.digest": "keyed by the secret of the house",
    "notifications_delivery.context": "names a subscriber by the public identifier",
    "notifications_delivery.key": "holds a public identifier",
    "notifications_delivery.message_id": "holds a public identifier",
    "notifications_delivery.public_id": PUBLIC_ID,
    "notifications_distribution.key": "holds a public identifier",
    "notifications_distribution.public_id": PUBLIC_ID,
    "opinions_opinion.public_id": PUBLIC_ID,
    "saved_views_savedview.token": "a private link, drawn at random",
    "sittings_invitee.public_id": PUBLIC_ID,
    "sittings_sitting.public_id": PUBLIC_ID,
}
SEAL = "from demo import sealing\nfor name in sealing.steps_to_play(): sealing.play(name)"
# Referral, sittings, opinion and published files, from page to page; a page that leads to another is led back to.
LINKS = """
import re
from django.test import Client
pages, left = {}, ['/']
while left:
    path = left.pop()
    text = Client(SERVER_NAME='localhost').get(path).text
    found = set(re.findall(r'href="(/(?:avis|saisines|seances|publications)/[^"#?]*)"', text))
    pages[path] = found
    left += [one for one in found if one not in pages and one not in left and one.endswith('/')]
things = [one for one in pages if re.fullmatch('/(avis|saisines|seances)/[^/]+/', one)]
astray = [(one, other) for one in things for other in pages[one] if other in things and one not in pages[other]]
assert not astray, astray
assert {'/saisines/S-2025-01/', '/seances/PL-2026-03/', '/publications/AC2-2026-01.pdf'} <= pages['/avis/AC2-2026-01/']
assert {'/saisines/S-2025-01/', '/publications/PL-2026-02-PV-PUB.pdf'} <= pages['/seances/PL-2026-02/']
assert {'/seances/PL-2026-02/', '/avis/AC2-2026-01/'} <= pages['/publications/']
"""
SEALED = [
    ("AC2-2026-01", "published"),
    ("AC2-2026-01-REP", "published"),
    ("AC2-BILAN-01", "published"),
    ("AC2-TIRAGE-1-PV", "published"),
    ("COPIL-2026-01-PV", "sealed"),
    ("COPIL-2026-01-PV-PUB", "sealed"),
    ("PL-2026-01-PV", "sealed"),
    ("PL-2026-01-PV-PUB", "published"),
    ("PL-2026-02-PV", "sealed"),
    ("PL-2026-02-PV-PUB", "published"),
    ("S-2025-01-LS", "sealed"),
]

NAME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{64}")
LIST = re.compile(r"\(ARRAY\[([^\]]*)\]\)::text\[\]")
# Loading writes in the one, migrating an older file in the other.
COUNTERS = re.compile(
    r"^SELECT .*\.setval\('public\.(?:fragments_tablechange|django_migrations)_id_seq.*\n", re.MULTILINE
)
Rows = dict[str, list[dict[str, str]]]


def schema_of(statements):
    """Return the schema without counters and brackets: a reload drops those that PostgreSQL does not need."""
    return re.sub(r"[()]", "", COUNTERS.sub("", statements))


def read(path: Path) -> tuple[str, Rows]:
    """Return the statements, then the rows by table, each value in the spelling of PostgreSQL."""
    with ZipFile(path) as packed:
        dump = packed.read(archive.DATABASE).decode()
    rows: Rows = {}
    for found in archive.COPY.finditer(dump):
        table, columns, text = found.groups()
        names = [name.strip('"') for name in columns.split(", ")]
        lines = text.split("\n")[:-1]
        rows[table.removeprefix("public.")] = [dict(zip(names, line.split("\t"), strict=True)) for line in lines]
    known = {row["pseudonym"]: f"person {row['id']}" for row in rows["identity_person"]}
    known |= {storage.content_digest(content): "laid out" for content in files(path).values() if is_pdf(content)}
    for table in rows.keys() - {"identity_person"}:
        for row in rows[table]:
            row |= {name: NAME.sub(lambda found: known.get(found[0], found[0]), cell) for name, cell in row.items()}
    return LIST.sub(spell_again, archive.COPY.sub("", dump)), rows


def spell_again(found: re.Match[str]) -> str:
    """Return a cast of a list as PostgreSQL spells it after it has read its own first spelling."""
    return "ARRAY[" + ", ".join(f"({word})::text" for word in found[1].split(", ")) + "]"


def files(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist() if name.startswith(archive.FILES)}


def is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF")


def given_texts(path: Path) -> set[bytes]:
    return {content for content in files(path).values() if not is_pdf(content)}


def in_order(table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Sort rows by the columns without differences, then by the others: pg_dump gives them in storage order."""
    return sorted(rows, key=lambda row: sorted(row.items(), key=lambda cell: f"{table}.{cell[0]}" in DIFFERS))


def differences(one: Rows, other: Rows) -> set[str]:
    """Return the columns, as `table.column`, whose values differ."""
    found = {table for table in one.keys() | other.keys() if len(one.get(table, "")) != len(other.get(table, ""))}
    for table in (one.keys() & other.keys()) - found:
        for row, same in zip(in_order(table, one[table]), in_order(table, other[table]), strict=True):
            found |= {f"{table}.{name}" for name in row.keys() | same.keys() if row.get(name) != same.get(name)}
    return found


@pytest.fixture(scope="module")
def committed():
    return read(archive.ARCHIVE)


@pytest.fixture
def scratch(tmp_path):
    """Load the committed file into a database; each worker has its own."""
    with archive.scratch_installation(tmp_path / "state") as scratch:
        scratch.manage("demo", "--load")
        yield scratch


def empty(scratch):
    with scratch.postgres.connect() as connection:
        connection.execute(f'DROP DATABASE "{addresses.DATABASE}" WITH (FORCE)')
    scratch.postgres.create_database()


def ask(scratch, question):
    with scratch.postgres.connect(addresses.DATABASE) as connection:
        return connection.execute(question).fetchall()


def test_the_file_knows_every_migration_of_the_code(committed):
    known = {(row["app"], row["name"]) for row in committed[1]["django_migrations"]}
    assert set(MigrationLoader(None).disk_migrations) - known == set(), REBUILD


def test_the_file_is_small_and_holds_no_secret(committed):
    statements, rows = committed
    assert archive.ARCHIVE.stat().st_size <= MOST_BYTES
    assert NEVER_FILLED - rows.keys() == set()
    assert {table for table in NEVER_FILLED if rows[table]} == set()
    assert {row["password"] for row in rows["identity_user"]} == {"!"}
    words = "\n".join("\t".join(row.values()) for table in rows.values() for row in table)
    for secret in ("localhost", "PRIVATE KEY", "argon2", "/reponse/"):
        assert secret not in words
    assert "OWNER TO" not in statements
    assert "GRANT" not in statements
    given = files(archive.ARCHIVE)
    assert {f"{archive.FILES}{storage.content_digest(content)}" for content in given.values()} == given.keys()
    named = {name.removeprefix(archive.FILES) for name, content in given.items() if not is_pdf(content)}
    assert {row["sha256"] for row in rows["documents_blob"]} == named | {"laid out"}
    assert not any(b"/ByteRange" in content for content in given.values())  # the mark of a sealed PDF


@pytest.mark.long
def test_migrations_and_actions_give_the_same_rows(committed, tmp_path):
    archive.rebuild(tmp_path / "fresh.zip", tmp_path / "state")
    statements, rows = read(tmp_path / "fresh.zip")
    assert statements == committed[0], REBUILD
    assert differences(rows, committed[1]) - {"documents_blob.size"} == set(DIFFERS), REBUILD
    assert given_texts(tmp_path / "fresh.zip") == given_texts(archive.ARCHIVE), REBUILD


@pytest.mark.long
def test_what_is_loaded_is_what_was_written_but_for_secrets(scratch, committed, tmp_path):
    scratch.manage("migrate", "--check")
    signed = "SELECT context->>'reply_url' FROM notifications_delivery WHERE context ? 'reply_url'"
    links = {link for (link,) in ask(scratch, signed)}
    assert len(links) > 300
    assert all(link.startswith("http://localhost:8000/") for link in links)
    passwords = ask(scratch, "SELECT password FROM identity_user")
    assert len(set(passwords)) == len(passwords) > 30
    scratch.write(tmp_path / "again.zip")
    statements, rows = read(tmp_path / "again.zip")
    assert schema_of(statements) == schema_of(committed[0])
    assert differences(rows, committed[1]) == set()
    assert files(tmp_path / "again.zip") == files(archive.ARCHIVE)


@pytest.mark.long
def test_documents_are_sealed_by_this_machine_and_the_journal_goes_on(scratch):
    scratch.manage("shell", "--verbosity=0", "--command", SEAL)
    told = ask(scratch, "SELECT reference, state FROM documents_document ORDER BY reference")
    assert told == SEALED
    assert ask(scratch, "SELECT count(*) FROM notifications_delivery WHERE state = 'queued' AND way = 'email'") == [
        (0,)
    ]
    scratch.manage("verify_audit")
    scratch.manage("shell", "--verbosity=0", "--command", LINKS)


@pytest.mark.long
def test_a_file_older_than_the_code_is_brought_up_to_date(scratch, committed, tmp_path):
    """The tables of the service pages are taken back before the file is written."""
    scratch.manage("migrate", "portal", "zero", "--verbosity=0")
    scratch.write(tmp_path / "old.zip")
    empty(scratch)
    load = f"from pathlib import Path; from demo import archive; archive.load(Path({str(tmp_path / 'old.zip')!r}))"
    scratch.manage("shell", "--verbosity=0", "--command", load)
    with pytest.raises(subprocess.CalledProcessError):
        scratch.manage("migrate", "--check")
    scratch.manage("migrate", "--verbosity=0")
    scratch.write(tmp_path / "again.zip")
    statements, _rows = read(tmp_path / "again.zip")
    assert schema_of(statements) == schema_of(committed[0])
    scratch.manage("verify_audit")
