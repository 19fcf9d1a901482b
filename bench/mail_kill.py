"""Repeated kills of the mail workers while they send: counts what was lost, doubled or left uncertain.

    .venv/bin/python bench/mail_kill.py [--mails 5000] [--kills 100] [--mode both|asked|unasked]
        [--followers | --messages] [--quick]

`asked`: the relay's log can be read, as with a Postfix on the same machine; `unasked`: it cannot, and what is
uncertain must be listed for a person. Each round queues its share of the mails, waits until the workers send, lets
them work 0.1 to 0.6 s, and kills the whole group. `--followers`: the mails are those to addresses that follow a
proposal, which the outbox does not store; in each round one of them withdraws while the workers send, and others never
confirmed. `--messages`: the mails are messages of the team to the accounts of one role, written, frozen and sent as
from the list; in each round somebody loses the role, or refuses such mail, while the workers send, and one message is
pressed a second time.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assembly.local import processes
from bench.environment import open_environment
from bench.report import ROOT, print_report, say
from bench.sink import accepted, accepted_at, free_port

PEOPLE = 250
FOLLOWERS, UNCONFIRMED = 20, 5
FILTERS, FEWEST = ("facilitator", "member", "sponsor", "president", "witness"), 100
# A message whose address was read before the withdrawal may still be on its way to the relay.
ON_ITS_WAY = timedelta(seconds=2)
WORK = (0.1, 0.6)
LAST_WAIT = 900.0  # what is still queued after it would count as lost
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-q", "-A", "assembly.config"]


class MailStack:
    """The processes around one measurement."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = (folder / "processes.log").open("ab")
        self.log = Path(os.environ["SINK_LOG"])
        self.children: list[subprocess.Popen[bytes]] = []

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        child = processes.spawn(command, output=self.output, environ=os.environ, cwd=ROOT)
        self.children.append(child)
        return child

    def sink(self) -> None:
        self.start([sys.executable, str(ROOT / "bench" / "sink.py"), os.environ["SINK_PORT"], str(self.log)])

    def beat(self) -> None:
        self.start([*CELERY, "beat", "-l", "WARNING", "-s", str(self.folder / "beat-schedule"), "--pidfile="])

    def workers(self) -> subprocess.Popen[bytes]:
        worker = ["worker", "--without-gossip", "--without-mingle", "-l", "WARNING", "-Q", "mail", "-c", "2"]
        return self.start([*CELERY, *worker])

    def taken(self) -> int:
        return sum(accepted(self.log).values())

    def close(self) -> None:
        for child in self.children:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        self.output.close()


def make_people() -> list[Any]:
    """Create an assembly, and enough people to write to."""
    from assembly.identity.models import Person  # noqa: PLC0415 -- Django is set up only now
    from assembly.institution.models import Assembly, Term  # noqa: PLC0415 -- see above

    assembly, _ = Assembly.objects.get_or_create(
        slug="banc",
        defaults={"name": "Assemblée du banc", "sender_email": "a@example.org", "reply_email": "r@example.org"},
    )
    Term.objects.get_or_create(
        assembly=assembly,
        number=1,
        defaults={"name": "Banc", "starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1)},
    )
    if not Person.objects.exists():
        rows = [Person(first_name=f"P{n}", last_name="Banc", email=f"p{n}@example.org") for n in range(PEOPLE)]
        for row in rows:
            row.save()
    return list(Person.objects.order_by("pk"))


def ask(people: list[Any], key: str, count: int) -> int:
    """Queue `count` mails, in distributions of at most so many people; return how many."""
    from django.db import transaction  # noqa: PLC0415 -- Django is set up only now

    from assembly.institution.models import Term  # noqa: PLC0415 -- see above
    from assembly.notifications.actions.distributions import Recipient, distribute  # noqa: PLC0415 -- see above

    term = Term.objects.select_related("assembly").get()
    for number, start in enumerate(range(0, count, len(people))):
        some = people[: min(len(people), count - start)]
        recipients = [Recipient(person, {"body": "La séance est samedi à 9 h 30."}) for person in some]
        with transaction.atomic():
            distribute("message", term, recipients, by=None, title="Séance", key=f"{key}:{number}", term=term)
    return count


@dataclass
class Followed:
    """A proposal, its followers by key, those who never confirmed, and when each who withdrew did."""

    proposal: Any
    followers: list[Any]
    unconfirmed: set[int]
    withdrawn: dict[int, datetime]


def make_followers() -> Followed:
    """Create a public proposal, addresses that follow it, and some that only asked to."""
    from django.utils import timezone  # noqa: PLC0415 -- Django is set up only now

    from answers.models import Follower, Following  # noqa: PLC0415 -- see above
    from assembly.institution.models import Term  # noqa: PLC0415 -- see above
    from tests.factories.opinions import OpinionFactory, RecommendationFactory  # noqa: PLC0415 -- see above

    make_people()
    opinion, now = OpinionFactory(term=Term.objects.get(), state="published"), timezone.now()
    row = RecommendationFactory(opinion=opinion, numbered=True)
    names = [f"f{n}@example.org" for n in range(FOLLOWERS + UNCONFIRMED)]
    rows = Follower.objects.bulk_create([Follower(address=name) for name in names])
    followers, unconfirmed = rows[:FOLLOWERS], rows[FOLLOWERS:]
    Following.objects.bulk_create(
        [Following(follower=one, recommendation=row, asked_at=now, confirmed_at=now) for one in followers]
        + [Following(follower=one, recommendation=row, asked_at=now) for one in unconfirmed]
    )
    return Followed(row, followers, {one.pk for one in unconfirmed}, {})


def withdraw_one(to: Followed) -> None:
    """Withdraw one more follower; half of them stay."""
    from answers.voice.actions import stop_following  # noqa: PLC0415 -- Django is set up only now

    left = [one for one in to.followers[FOLLOWERS // 2 :] if one.pk not in to.withdrawn]
    if left:
        stop_following(left[0])
        to.withdrawn[left[0].pk] = datetime.now(UTC)


def create_news(row: Any, count: int) -> int:
    """Create as many bursts of news as make `count` mails or a few more; return how many."""
    from django.utils import timezone  # noqa: PLC0415 -- Django is set up only now

    from answers.models import ProposalNews  # noqa: PLC0415 -- see above
    from answers.voice.actions import send_proposal_news  # noqa: PLC0415 -- see above

    mails = 0
    while mails < count:
        ProposalNews.objects.create(recommendation=row, kind="answered", happened_at=timezone.now() - timedelta(1))
        mails += send_proposal_news(timezone.now())
    return mails


@dataclass
class Written:
    """Who writes, to whom by their keys, and when each lost the role or refused."""

    term: Any
    writer: Any
    gone: dict[int, datetime]
    pressed_twice: int = 0


def make_writers() -> Written:
    """Create a lead who writes, and accounts of some roles, by which the list is filtered."""
    from assembly.identity.models import Person, User  # noqa: PLC0415 -- Django is set up only now
    from assembly.institution.models import Role, RoleAssignment, Term  # noqa: PLC0415 -- see above

    make_people()
    term = Term.objects.select_related("assembly").get()
    accounts = [User.objects.create_user(person.email, person) for person in Person.objects.order_by("pk")]
    roles = [Role.LEAD, *(FILTERS[place % len(FILTERS)] for place in range(len(accounts) - 1))]
    RoleAssignment.objects.bulk_create(
        RoleAssignment(user=user, role=role, assembly=term.assembly, term=term, given_at=datetime.now(UTC))
        for user, role in zip(accounts, roles, strict=True)
    )
    return Written(term, accounts[0], {})


def write_messages(to: Written, key: str, count: int) -> int:
    """Write and send as many messages to the filter as make `count` mails or a few more; return how many."""
    from django.core.exceptions import ValidationError  # noqa: PLC0415 -- Django is set up only now

    from assembly.correspondence import actions  # noqa: PLC0415 -- see above
    from assembly.correspondence.registry import group_of  # noqa: PLC0415 -- see above

    mails = number = 0
    while mails < count:
        query = f"role={FILTERS[number % len(FILTERS)]}"
        content = actions.Content(query, f"Visite {key}:{number}", "Bonjour {prénom}, à jeudi.")
        messages = [actions.write(group_of("accounts"), to.term, to.term, content, by=to.writer) for _ in range(2)]
        for message in messages:  # the same one, pressed twice
            try:
                actions.send(message, shown=message.fingerprint, send_at=None, substitutes={}, by=to.writer)
                mails += message.distribution.deliveries.filter(way="email").count()
            except ValidationError:
                to.pressed_twice += 1
        number += 1
    return mails


def lose_one(to: Written) -> None:
    """End the role of one more recipient, or note a refusal; a hundred stay."""
    from assembly.institution.models import RoleAssignment  # noqa: PLC0415 -- Django is set up only now
    from assembly.notifications.preferences import choose  # noqa: PLC0415 -- see above

    rows = RoleAssignment.objects.filter(role__in=FILTERS, ended_at=None).select_related("user__person")
    left = rows.exclude(user__person__in=to.gone).order_by("-pk")
    if left.count() > FEWEST:
        row = left[0]
        if len(to.gone) % 2:
            RoleAssignment.objects.filter(pk=row.pk).update(ended_at=datetime.now(UTC))
        else:
            choose(row.user.person, optional_mail=False, by=row.user.person)
        to.gone[row.user.person_id] = datetime.now(UTC)


def count_written(log: Path, to: Written) -> dict[str, int]:
    """Count what reached those who had lost the role or refused, and messages with more than one distribution."""
    from assembly.correspondence.models import TeamMessage  # noqa: PLC0415 -- Django is set up only now
    from assembly.notifications.models import Delivery  # noqa: PLC0415 -- see above

    taken = accepted_at(log)
    rows = [(pk, taken[name]) for name, pk in Delivery.objects.values_list("message_id", "person") if name in taken]
    late = [pk for pk, at in rows if pk in to.gone and at > to.gone[pk] + ON_ITS_WAY]
    return {
        "withdrawals": len(to.gone),
        "taken_after_the_withdrawal": len(late),
        "messages": TeamMessage.objects.exclude(sent_at=None).count(),
        "second_presses_refused": to.pressed_twice,
    }


def wait_for_work(stack: MailStack, group: subprocess.Popen[bytes]) -> bool:
    """Wait until the relay has accepted a message of this group."""
    before = stack.taken()
    return processes.wait_until(lambda: stack.taken() > before, group, 60)


def settle(stack: MailStack) -> float:
    """Let the workers run until every mail is accounted for; return the seconds it took."""
    from assembly.notifications.models import Delivery  # noqa: PLC0415 -- Django is set up only now

    group, start = stack.workers(), time.monotonic()
    moving = Delivery.objects.filter(state__in=["queued", "in_flight"])
    processes.wait_until(lambda: time.sleep(0.5) or not moving.exists(), group, LAST_WAIT)
    return time.monotonic() - start


def count_followers(log: Path, to: Followed) -> dict[str, int]:
    """Count what reached those who had withdrawn, and those who never confirmed."""
    from assembly.notifications.models import Delivery  # noqa: PLC0415 -- Django is set up only now

    taken = accepted_at(log)
    sent = Delivery.objects.values_list("message_id", "context")
    rows = [(own["follower"], taken[name]) for name, own in sent if name in taken]
    late = [pk for pk, at in rows if pk in to.withdrawn and at > to.withdrawn[pk] + ON_ITS_WAY]
    return {
        "withdrawals": len(to.withdrawn),
        "taken_after_the_withdrawal": len(late),
        "taken_without_confirmation": sum(1 for pk, _at in rows if pk in to.unconfirmed),
    }


def count(stack: MailStack, mails: int) -> dict[str, int]:
    """Compare the sink’s log with the states of the product; a mail dropped after a withdrawal is not lost."""
    from assembly.notifications.models import Delivery, DeliveryState as S  # noqa: PLC0415 -- see above

    taken = accepted(stack.log)
    rows = list(Delivery.objects.filter(way="email").values_list("message_id", "state"))
    uncertain = {name for name, state in rows if state == S.TO_CHECK}
    sent = {name for name, state in rows if state == S.SENT}
    dropped = {name for name, state in rows if state == S.CANCELLED}
    return {
        "mails": len(rows),
        "dropped": len(dropped),
        "lost": sum(1 for name, _state in rows if name not in taken and name not in uncertain | dropped),
        "duplicated": sum(times - 1 for times in taken.values()),
        "ambiguous_listed": len(uncertain),
        "said_sent_but_not_taken": len(sent - set(taken)),
        "not_queued": mails - len(rows),
    }


def measure(name: str, mails: int, kills: int, settings: dict[str, str], *, path: str) -> dict[str, Any]:
    """Run one whole measurement in an environment of its own."""
    log = ROOT / ".local" / "bench" / f"{name}-{path}-accepted.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    log.touch()
    port = str(free_port())
    sink = {"SINK_LOG": str(log), "SINK_PORT": port, "SMTP_URL": f"smtp://127.0.0.1:{port}/?timeout=20"}
    relay = {"MAIL_RELAY_LOG_FILE": str(log) if name == "mail-asked" else ""}
    with open_environment(f"{name}-{path}", {**settings, **sink, **relay}) as folder:
        stack = MailStack(folder)
        try:
            return run(stack, mails, kills, path=path)
        finally:
            stack.close()


def run(stack: MailStack, mails: int, kills: int, *, path: str) -> dict[str, Any]:
    """Kill until so many kills hit workers that had mail to send; more is queued when it runs out."""
    stack.sink()
    stack.beat()
    followed = make_followers() if path == "followers" else None
    written = make_writers() if path == "messages" else None
    people = make_people() if path == "plain" else []
    start, total, done, idle = time.monotonic(), 0, 0, 0
    while done < kills and idle < kills:
        share = max(mails * (done + idle + 1) // kills, total + mails // kills) - total
        if written:
            total += write_messages(written, f"r{done + idle}", share)
        else:
            total += create_news(followed.proposal, share) if followed else ask(people, f"r{done + idle}", share)
        group = stack.workers()
        if wait_for_work(stack, group):
            time.sleep(random.uniform(*WORK))
        if followed:
            withdraw_one(followed)
        if written:
            lose_one(written)
        if is_at_work() and kill(group):
            done += 1
        else:
            kill(group)
            idle += 1
        if (done + idle) % 10 == 0:
            say(f"{done} kills, {idle} on idle workers, {stack.taken()} taken, {time.monotonic() - start:.0f} s")
    last = settle(stack)
    figures = {"kills": done, "kills_of_idle_workers": idle, **count(stack, total)}
    figures |= count_followers(stack.log, followed) if followed else {}
    figures |= count_written(stack.log, written) if written else {}
    return {**figures, "seconds": round(time.monotonic() - start, 1), "seconds_after_last_kill": round(last, 1)}


def is_at_work() -> bool:
    """Return whether mail is due, or was claimed in the last second.

    What earlier kills left in flight does not count.
    """
    from django.db.models import Q  # noqa: PLC0415 -- Django is set up only now
    from django.utils import timezone  # noqa: PLC0415 -- see above

    from assembly.notifications.models import Delivery, DeliveryState as S  # noqa: PLC0415 -- see above

    just_now = timezone.now() - timedelta(seconds=1)
    return Delivery.objects.filter(Q(state=S.QUEUED) | Q(state=S.IN_FLIGHT, claimed_at__gt=just_now)).exists()


def kill(group: subprocess.Popen[bytes]) -> bool:
    """Kill the parent and its children at once; return False if it was already dead."""
    alive = group.poll() is None
    with suppress(ProcessLookupError):
        os.killpg(group.pid, signal.SIGKILL)
    group.wait()
    return alive


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--mode", choices=["both", "asked", "unasked"], default="both")
    parser.add_argument("--followers", action="store_true", help="mails to those who follow a proposal")
    parser.add_argument("--messages", action="store_true", help="messages of the team to a filter")
    parser.add_argument("--quick", action="store_true", help="80 mails and 2 kills for each relay")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    if options.quick:
        options.mails, options.kills = 80, 2
    settings = {"MAIL_SETTLE_SECONDS": "6"} if options.quick else {}
    if options.mode == "both":
        with_log, without_log = in_processes(["asked", "unasked"], options)
        figures = {**with_log, "relay_cannot_be_asked": without_log}
    else:
        say(f"— {options.mode} —")
        figures = measure(f"mail-{options.mode}", options.mails, options.kills, settings, path=path_of(options))
    print_report("mail_kill", figures, packages=["django", "celery", "aiosmtpd"], load=load)


def path_of(options: argparse.Namespace) -> str:
    """Return whose mails are measured."""
    return "followers" if options.followers else "messages" if options.messages else "plain"


def in_processes(modes: Sequence[str], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Run each mode in a process of its own, at once: Django is set up once per process, for one environment."""
    command = [sys.executable, __file__, f"--mails={options.mails}", f"--kills={options.kills}"]
    command += ["--quick"] if options.quick else []
    command += [f"--{path_of(options)}"] if path_of(options) != "plain" else []
    running = [subprocess.Popen([*command, f"--mode={mode}"], stdout=subprocess.PIPE, text=True) for mode in modes]
    outputs = [process.communicate()[0] for process in running]
    if any(process.returncode for process in running):
        raise SystemExit("A mode could not be measured.")
    return [json.loads(output.splitlines()[-1])["figures"] for output in outputs]


if __name__ == "__main__":
    main()
