"""The demonstration as one file: the output of pg_dump before anything is sealed, and the files that people gave.

Nothing in it is secret: reply links and unusable passwords are made anew on this machine, keys and sealed files by
`sealing`.
"""

import re
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from assembly.documents.models import storage
from assembly.identity.models import User
from sessions.models import Invitee
from sessions.sittings.actions.convening import reply_url

ARCHIVE = Path(__file__).with_name("demonstration.zip")
DATABASE, FILES = "database.sql", "files/"
# Format in which pg_dump writes the rows of a table; the rest is statements.
COPY: Final = re.compile(r"^COPY (\S+) \((.*)\) FROM stdin;\n((?:.*\n)*?)\\\.\n", re.MULTILINE)
# Counters of changes restart with the cached fragments that are compared with them.
FORGET = """
    UPDATE notifications_delivery SET context = context || '{"reply_url": ""}' WHERE context ? 'reply_url';
    UPDATE identity_user SET password = '!';
    DELETE FROM fragments_tablechange;
"""
SIGN_AGAIN = """
    UPDATE notifications_delivery SET context = context || jsonb_build_object('reply_url', fresh.url)
    FROM unnest(%s::bigint[], %s::text[]) AS fresh (invitee, url)
    WHERE context ? 'reply_url' AND (context->>'invitee')::bigint = fresh.invitee
"""


def load(archive: Path = ARCHIVE) -> None:
    """Fill a database without tables, all or nothing; `migrate` then brings it up to the code."""
    with ZipFile(archive) as packed:
        with transaction.atomic():
            load_database(packed.read(DATABASE).decode())
            renew_secrets()
            for name in packed.namelist():
                if name.startswith(FILES):
                    storage.write_blob(packed.read(name))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # otherwise queries of the first pages are planned for empty tables


def load_database(dump: str) -> None:
    """Run what pg_dump wrote: keys, indexes and triggers come after the rows, so that no row is written twice."""
    position = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL check_function_bodies = off")  # a function may come before the table that it reads
        for match in COPY.finditer(dump):
            table, columns, rows = match.groups()
            cursor.execute(dump[position : match.start()])
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(rows)
            position = match.end()
        cursor.execute(dump[position:])


def renew_secrets() -> None:
    """Sign personal links with the key of this machine and give each account an unusable password."""
    invitees = list(Invitee.objects.select_related("person").only("public_id", "link_version", "person__email"))
    with connection.cursor() as cursor:
        cursor.execute(SIGN_AGAIN, [[row.pk for row in invitees], [reply_url(row) for row in invitees]])
    for pk in User.objects.values_list("pk", flat=True):
        User.objects.filter(pk=pk).update(password=make_password(None))
