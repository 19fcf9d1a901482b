"""Tasks, notes and pins: the team of the term; facilitators read the list of what sittings decided."""

from typing import Any

from assembly.tasks.models import Pin
from tests.people import People
from tests.security.routes import DESK, TEAM, Route
from tests.security.steps.desk import note_at, task_at

READERS = f"{DESK} witness dpo archivist admin"  # whoever has some page of the desk
PAGE = "/bureau/seances/"


def task(people: People) -> dict[str, Any]:
    return {"pk": task_at(people, "open").pk}


def note_data(people: People) -> dict[str, Any]:
    return {
        "text": "Appelé",
        "subject": f"sittings.Sitting:{note_at(people, 'written').object_id}",
        "page": "/bureau/",
    }


def pin(people: People) -> dict[str, Any]:
    pinned = Pin.objects.create(term=people.term, user=people["officer"], place=1, path=PAGE, page_title="Séances")
    return {"pk": pinned.pk}


ROUTES: dict[str, Route] = {
    # `crosses`: a page without an object is that of the reader’s own assembly.
    "tasks:home": Route(get=TEAM, crosses=True),
    "tasks:list": Route(get=DESK, crosses=True),
    "tasks:export": Route(get=DESK, crosses=True),
    "tasks:day": Route(get=TEAM, crosses=True),
    "tasks:add": Route(post=TEAM, data={"line": "rappeler la mairie jeudi", "page": "/bureau/"}, crosses=True),
    "tasks:switch": Route(post=TEAM, data={"qui": "equipe"}, crosses=True),
    "tasks:chosen": Route(get=TEAM, post=TEAM, crosses=True),
    "tasks:task": Route(get=TEAM, of=task),
    "tasks:change": Route(get=TEAM, post=TEAM, of=task, data={"text": "Rappeler", "repeat": "", "version": 1}),
    "tasks:step": Route(get=TEAM, post=TEAM, of=lambda p: task(p) | {"slug": "faite"}),
    "tasks:pins": Route(get=READERS, crosses=True),
    "tasks:pin-add": Route(post=READERS, data={"page": PAGE, "subject": ""}, crosses=True),
    "tasks:pin-remove": Route(post="officer", of=pin),
    "tasks:note-add": Route(post=TEAM, data=note_data),
    "tasks:note-step": Route(get=TEAM, post=TEAM, of=lambda p: {"pk": note_at(p, "written").pk, "slug": "effacer"}),
}
