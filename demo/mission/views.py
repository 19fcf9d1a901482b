"""Lists saved by the officer: two shared with the team, one with a directorate."""

from assembly.institution.models import Directorate
from assembly.lists import lists
from assembly.saved_views import actions
from demo.clock import at
from demo.context import DemoContext

# List, name, address, directorate by its code.
VIEWS = (
    ("referrals", "Saisines en cours", "state=in_progress&tri=avis", ""),
    ("members", "Membres à joindre par courrier", "contact=paper", ""),
    ("support", "Demandes des directions, la plus ancienne d’abord", "tri=reference", "autonomie"),
)


def make_views(context: DemoContext) -> None:
    """Save the lists as the officer, in November."""
    for key, name, query, code in VIEWS:
        with at("2026-11-16 09:00"):
            view = actions.save_view(lists()[key], context.term, by=context.officer, name=name, query=query)
            directorate = Directorate.objects.get(assembly=context.assembly, code=code) if code else None
            actions.share_view(view, by=context.officer, is_shared=not code, directorate=directorate)
