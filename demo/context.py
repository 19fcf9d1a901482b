"""What the parts of the demonstration share: accounts, clock, transaction, and the rows that they pass on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.models import Person, User
from assembly.institution.models import Assembly, Committee, Role, Term
from demo.days import STORY_DAY, paris, show_day
from members.models import Mandate

REAL_NOW = timezone.now
DOMAIN = "@demo.example.org"


def create_account(person: Person, email: str) -> User:
    return User.objects.create(person=person, email=email, password=make_password(None))


def one_click_accounts() -> QuerySet[User]:
    """Return the accounts that the sign-in page offers in one click, the team first."""
    return User.objects.filter(email__endswith=DOMAIN, is_active=True).select_related("person").order_by("pk")


@cache
def moment_columns() -> list[Any]:
    """Return the columns whose default is the present moment."""
    columns = (column for model in apps.get_models() for column in model._meta.local_fields)
    return [column for column in columns if column.default is REAL_NOW]


def set_clock(clock: Callable[[], datetime]) -> None:
    """Set the clock, also of the columns: each of them keeps the function that it was declared with."""
    timezone.now = clock
    for column in moment_columns():
        column._get_default = clock  # noqa: SLF001 -- Django calls it for a new row


@contextmanager
def at(moment: str | datetime) -> Iterator[datetime]:
    """Set the clock to that moment; each reading is five milliseconds later, so that the order of events is kept."""
    start = paris(moment) if isinstance(moment, str) else moment
    ticks = count()
    former = timezone.now
    set_clock(lambda: start + timedelta(milliseconds=5 * next(ticks)))
    try:
        yield start
    finally:
        set_clock(former)


@contextmanager
def single_transaction() -> Iterator[None]:
    """Open one transaction without savepoints, which were a third of the statements.

    No action is rolled back alone. An error caught inside still undoes everything: the connection then refuses every
    further statement.
    """
    features = connection.features
    usual = features.uses_savepoints
    whole = transaction.atomic()
    whole._from_testcase = True  # type: ignore[attr-defined]  # noqa: SLF001 -- as around a test: each action has its own locks (assembly.workflow.locks)
    with whole:
        features.uses_savepoints = False
        try:
            yield
        finally:
            features.uses_savepoints = usual


def analyze_written_tables() -> None:
    """Analyze the written tables: autovacuum sees no rows before the commit, the planner takes them for empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins > 0 ORDER BY relname")
        written = ", ".join(connection.ops.quote_name(name) for (name,) in cursor.fetchall())
        if written:
            cursor.execute(f"ANALYZE {written}")


SLUG = "haute-garonne"
FIRST_MOMENT = "2025-11-01 09:00"
QUESTION_TITLE = "Bien vieillir en Haute-Garonne"


def adopt_saved_day() -> None:
    """Tell the day of a database that holds the demonstration; to be called before the story is imported.

    Its assembly was created on the first day of the story, and an audit entry does not change.
    """
    created = Entry.objects.filter(event_type="assembly.created").order_by("pk").values_list("at", flat=True).first()
    if created and Assembly.objects.filter(slug=SLUG).exists():
        weeks = timezone.localdate(created) - date.fromisoformat(FIRST_MOMENT[:10])
        show_day(STORY_DAY + weeks)


@dataclass
class DemoContext:
    """Rows: `users` by role or as `member7`, `committees` by slug, `directorate_staff` (contact, approver) by code."""

    assembly: Assembly
    term: Term
    lead: User
    officer: User
    chair: User
    users: dict[str, User] = field(default_factory=dict)
    committees: dict[str, Committee] = field(default_factory=dict)
    mandates: list[Mandate] = field(default_factory=list)
    directorate_staff: dict[str, tuple[User, User]] = field(default_factory=dict)


def saved_context() -> DemoContext:
    """Load the context of a database that holds the demonstration, as far as the steps after a seal need it."""
    term = Term.objects.select_related("assembly").get(assembly__slug=SLUG, number=2)
    team = User.objects.select_related("person")
    lead, officer, chair = (team.get(email=f"{role}{DOMAIN}") for role in (Role.LEAD, Role.OFFICER, Role.SPONSOR))
    return DemoContext(term.assembly, term, lead, officer, chair)
