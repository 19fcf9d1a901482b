"""Amendments that fall when another is adopted or ends, and the version made of the text with the adopted ones."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.collab.document.schema import canonical
from assembly.identity.models import User
from opinions.actions import versions
from opinions.amending import applying
from opinions.amending.changes import AmendmentChange
from opinions.amending.colliding import fallen_keys
from opinions.amending.enums import AmendmentState as A
from opinions.amendments.queries import adopted_changes, base_version, changes_of
from opinions.amendments.workflow import AMENDMENT
from opinions.enums import VersionKind
from opinions.models import Amendment, Opinion, OpinionVersion
from opinions.queries.opinions import last_version

VOTED = gettext_lazy("L’avis a été voté avant que cet amendement soit appelé.")
TAKEN_BACK = gettext_lazy("Le texte a été repris : vous pourrez amender le nouveau quand il sera déposé.")


def drop(amendments: QuerySet[Amendment], *, because: Amendment | None, reason: str, by: User) -> None:
    """Mark these amendments as without object, with the amendment that is the cause and the reason."""
    number = because.number if because is not None else None
    for amendment in amendments.select_related("version__opinion").order_by("pk"):
        facts = {"because": number}
        AMENDMENT.follow(amendment, "fall", by=by, facts=facts, end_reason=reason, fell_because=because)


def end_all(opinion: Opinion, *, reason: str, by: User) -> None:
    """End every undecided amendment, because its text is voted or taken back."""
    undecided = Amendment.objects.filter(version__opinion=opinion, state__in=A.tagged("undecided"))
    drop(undecided, because=None, reason=reason, by=by)


def fall_with_parent(amendment: Amendment, *, by: User) -> None:
    """Drop the undecided sub-amendments of an amendment: they have nothing left to change."""
    subs = Amendment.objects.filter(parent=amendment, state__in=A.tagged("undecided"))
    reason_text = _("L’amendement n°\u00a0%(number)s, qu’il modifie, n’est plus en discussion.")
    drop(subs, because=amendment, reason=reason_text % {"number": amendment.number}, by=by)


def fall_with_adopted(amendment: Amendment, *, by: User) -> None:
    """Drop the amendments that change the same passage in another way."""
    version = amendment.version
    waiting = list(Amendment.objects.filter(version=version, state__in=A.tagged("waiting")).order_by("number"))
    keys = set(fallen_keys(version.tree, amendment.change, family(amendment, waiting)))
    reason_text = _("L’amendement n°\u00a0%(number)s, adopté, porte sur le même passage.")
    amendments = Amendment.objects.filter(version=version, state__in=A.tagged("waiting"), pk__in=keys)
    drop(amendments, because=amendment, reason=reason_text % {"number": amendment.number}, by=by)


def family(amendment: Amendment, waiting: Iterable[Amendment]) -> list[AmendmentChange]:
    """Return the waiting changes, with the parent of a sub-amendment, in whose new text it is judged."""
    changes = changes_of(waiting)
    parent = amendment.parent
    if parent is not None and all(change.key != parent.pk for change in changes):
        changes.append(parent.change)
    return changes


def write_amended_version(opinion: Opinion, *, by: User) -> OpinionVersion | None:
    """Write the tabled text with the adopted amendments as the next version; None when it is unchanged.

    The caller holds the row lock of the opinion. The text does not depend on the order in which results were recorded.
    """
    base, last = base_version(opinion), last_version(opinion)
    if base is None or last is None:
        return None
    tree = canonical(applying.apply_changes(base.tree, adopted_changes(base)))
    if tree == last.tree:
        return None
    return versions.make(opinion, VersionKind.AMENDED, tree, by=by)
