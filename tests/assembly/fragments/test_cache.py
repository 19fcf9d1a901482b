"""A fragment is kept exactly as long as nothing it was made of changed, whoever changes it and in whatever order."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from threading import Thread
from zoneinfo import ZoneInfo

import psycopg
import pytest
import redis
import time_machine
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Model

from assembly.fragments.cache import (
    cached_piece,
    cached_pieces,
    create_triggers,
    fragment,
    known_tables,
    row_values,
    table_versions,
    watched_tables,
)
from assembly.fragments.models import TableChange
from assembly.fragments.tasks import sum_up_changes
from assembly.identity.models import User
from assembly.institution.models import Assembly, Directorate
from assembly.jobs.models import JobSlot
from assembly.speed.queries import CompiledQuery
from tests.factories.institution import AssemblyFactory, DirectorateFactory

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 11, 27, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))


class Names:
    """A fragment that names the directorates, and how often it was made."""

    def __init__(self) -> None:
        self.times_made = 0

    def make(self) -> str:
        self.times_made += 1
        return ", ".join(Directorate.objects.order_by("name").values_list("name", flat=True))

    def look(self, *parts: object) -> str:
        return fragment(("names", *parts), self.make)


@pytest.fixture
def names() -> Names:
    DirectorateFactory(code="a", name="Autonomie")
    return Names()


@contextmanager
def another_connection() -> Iterator[psycopg.Connection]:
    """Open a connection without Django and without the journal, as from a console."""
    with psycopg.connect(**connection.get_connection_params()) as other:
        yield other


@contextmanager
def asked_of(client: redis.Redis) -> Iterator[list[str]]:
    """Yield the Redis commands of the block on the test database; server counters include other workers."""
    commands: list[str] = []
    client.ping()  # its connection is made before anybody listens
    with redis.Redis.from_url(settings.REDIS_URL).monitor() as monitor:
        yield commands
        client.echo("that was all")
        for said in monitor.listen():
            if said["command"].startswith("ECHO"):
                break
            if said["db"] == client.get_connection_kwargs()["db"]:
                commands.append(said["command"])


def rename(other: psycopg.Connection, name: str) -> None:
    other.execute("UPDATE institution_directorate SET name = %s", [name])


def test_nothing_is_made_twice_while_nothing_changes(names):
    assert [names.look(), names.look(), names.look()] == ["Autonomie"] * 3
    assert names.times_made == 1


def test_each_write_to_a_table_that_was_read_is_seen_at_the_next_look(names):
    names.look()
    DirectorateFactory(code="b", name="Routes")
    assert names.look() == "Autonomie, Routes"
    Directorate.objects.filter(code="b").update(name="Voirie")
    assert names.look() == "Autonomie, Voirie"
    Directorate.objects.get(code="b").delete()
    assert names.look() == "Autonomie"


def test_a_write_to_another_table_changes_nothing(names):
    names.look()
    AssemblyFactory(second=True)
    names.look()
    assert names.times_made == 1


def test_a_write_by_hand_is_seen(names):
    names.look()
    with another_connection() as other:
        rename(other, "Par la console")
    assert names.look() == "Par la console"


def test_a_write_that_is_taken_back_changes_nothing(names):
    names.look()
    with another_connection() as other:
        rename(other, "Jamais")
        other.rollback()
    assert names.look() == "Autonomie"
    assert names.times_made == 1


def test_a_savepoint_taken_back_does_not_hide_the_write_that_follows_it(names):
    names.look()
    with another_connection() as other:
        other.execute("SAVEPOINT one")
        rename(other, "Jamais")
        other.execute("ROLLBACK TO SAVEPOINT one")
        rename(other, "Après")
    assert names.look() == "Après"


def test_two_transactions_that_commit_in_the_other_order_than_they_began(names):
    """Highest key and time of writing are the same after the second commit as before it; the count is not."""
    with another_connection() as first, another_connection() as second:
        first.execute("INSERT INTO institution_directorate SELECT * FROM institution_directorate WHERE false")
        rename(first, "Commencé d’abord")
        second.execute("UPDATE institution_directorate SET code = 'c' WHERE false")
        second.execute(
            "INSERT INTO institution_directorate (assembly_id, code, name) SELECT assembly_id, 'z', 'Zones'"
            " FROM institution_directorate LIMIT 1"
        )
        second.commit()
        assert names.look() == "Autonomie, Zones"
        first.commit()
    assert names.look() == "Commencé d’abord, Zones"


def test_what_commits_while_a_fragment_is_made_is_seen_at_the_next_look(names):
    def make_slowly() -> str:
        read = names.make()
        if names.times_made == 1:
            with another_connection() as other:
                rename(other, "Entre-temps")
        return read

    assert fragment(("slow",), make_slowly) == "Autonomie"
    assert fragment(("slow",), make_slowly) == "Entre-temps"


def test_rows_read_before_a_change_do_not_stand_for_those_read_after_it(names):
    """The reader's rows are read before the versions are: what was read of them is in the key."""
    before = Directorate.objects.get()
    Directorate.objects.update(name="Plus tard")
    assert fragment(("named", row_values(before)), lambda: before.name) == "Autonomie"
    after = Directorate.objects.get()
    assert fragment(("named", row_values(after)), lambda: after.name) == "Plus tard"


def test_a_transaction_that_has_written_neither_keeps_nor_is_given_anything(names):
    names.look()
    with transaction.atomic():
        Directorate.objects.update(name="À moi seul")
        assert names.look() == "À moi seul"
        transaction.set_rollback(True)
    Directorate.objects.update(name="Pour tous")  # the count is now what the one that was taken back had seen
    assert names.look() == "Pour tous"


def test_a_sum_is_the_same_as_what_it_sums_up(names):
    for number in range(5):
        Directorate.objects.update(name=f"Nom {number}")
    names.look()
    before = table_versions()
    JobSlot.objects.all().delete()
    sum_up_changes()
    assert TableChange.objects.filter(table="institution_directorate").count() == 1
    assert table_versions() == before
    assert names.look() == "Nom 4"
    assert names.times_made == 1


def test_sums_and_writes_at_once_lose_no_change(names):
    def write() -> None:
        try:
            for number in range(40):
                Directorate.objects.update(name=f"Nom {number}")
        finally:
            connections.close_all()

    before = table_versions().of["institution_directorate"]
    writers = [Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        JobSlot.objects.all().delete()
        sum_up_changes()
    assert table_versions().of["institution_directorate"] == before + 160


def test_a_table_whose_changes_are_not_noted_is_never_kept(names):
    def make() -> str:
        names.times_made += 1
        return str(JobSlot.objects.count())

    assert [fragment(("slots",), make) for _ in range(2)] == ["0", "0"]
    assert names.times_made == 2


def test_a_sign_in_is_no_change_of_the_account(people):
    before = people["lead"] and table_versions().of["identity_user"]
    User.objects.update(last_login=NOON)
    assert table_versions().of["identity_user"] == before
    User.objects.update(email="autre@example.org")
    assert table_versions().of["identity_user"] == before + 1


def test_sentences_that_depend_on_the_clock_live_a_quarter_of_an_hour(names):
    for minutes, made in [(0, 1), (14, 1), (16, 2), (24 * 60, 3)]:
        with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
            names.look()
        assert names.times_made == made, minutes


def test_two_readers_have_two_fragments(names):
    assert names.look(1) == names.look(2)
    assert names.times_made == 2


def test_every_table_but_the_silent_ones_tells_its_changes():
    """A table that a migration adds is watched from then on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'fragments%'")
        found = set(cursor.fetchall())
    assert found == {(table, f"fragments_{what}") for table in watched_tables() for what in ("changed", "emptied")}
    assert sorted(known_tables().keys() - watched_tables()) == [
        "account_emailaddress",
        "account_emailconfirmation",
        "audit_entry",
        "audit_entrydetail",
        "audit_head",
        "audit_link",
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "collab_snapshot",
        "collab_update",
        "django_content_type",
        "django_session",
        "fragments_tablechange",
        "identity_attemptcounter",
        "jobs_failedjob",
        "jobs_idempotencykey",
        "jobs_jobslot",
        "mfa_authenticator",
        "search_journalmark",
        "search_searchentry",
        "search_searchword",
        "search_searchwordentry",
        "usersessions_usersession",
    ]


def test_a_trigger_of_before_a_column_was_added_is_made_anew(people):
    lead = people["lead"]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE TRIGGER fragments_changed AFTER UPDATE OF is_active ON identity_user"
            " FOR EACH ROW EXECUTE FUNCTION fragments_note_change()"
        )
    create_triggers()
    before = table_versions().of["identity_user"]
    User.objects.filter(pk=lead.pk).update(email="autre@example.org")
    assert table_versions().of["identity_user"] == before + 1


def test_a_compiled_statement_says_which_tables_it_reads(names):
    """Each run has other values in it; the tables are those of its text, joined ones included."""
    by_code = CompiledQuery(
        lambda code: Directorate.objects.filter(assembly__name="Assemblée citoyenne", code=code).values_list("name")
    )
    Assembly.objects.update(name="Assemblée citoyenne")

    def look(code: str) -> list[tuple[str]]:
        return cached_piece(("by-code", code), lambda: list(by_code(code)))

    assert (look("a"), look("b")) == ([("Autonomie",)], [])
    Directorate.objects.update(code="b")
    assert (look("a"), look("b")) == ([], [("Autonomie",)])
    Assembly.objects.update(name="Une autre")
    assert (look("a"), look("b")) == ([], [])


def test_of_many_pieces_only_those_that_changed_are_made_and_redis_is_asked_once(names, redis_client):
    made = []

    def look() -> list[int]:
        def count(model: type[Model]) -> int:
            made.append(model.__name__)
            return model.objects.count()

        pieces = {model.__name__: partial(count, model) for model in (Directorate, Assembly, User)}
        return cached_pieces(("counts",), pieces)

    assert (look(), made) == ([1, 1, 0], ["Directorate", "Assembly", "User"])
    made.clear()
    DirectorateFactory(code="b", name="Routes")
    assert (look(), made) == ([2, 1, 0], ["Directorate"])
    with asked_of(redis_client) as commands:
        assert look() == [2, 1, 0]
    assert [command.split()[0] for command in commands] == ["MGET"]
