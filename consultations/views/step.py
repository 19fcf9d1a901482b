"""Steps of a dossier as pages of their own: a question with what follows, sometimes a form, then one action."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.http import HttpResponse
from django.urls import reverse

from assembly.identity.models import User
from assembly.identity.reauthentication import recently_authenticated
from assembly.ui.forms import StyledForm


@dataclass(frozen=True)
class Step[Found: models.Model]:
    """`may` asks the rules, `lines` say what follows and for how many, `run` calls the action.

    `fresh` asks for a recent proof of identity: a step that gives rights, seals, publishes or takes either back.
    """

    may: Callable[[User, Found], bool]
    title: Any
    label: Any
    run: Callable[[Found, User, dict[str, Any]], Any]
    done: Any
    lines: Callable[[Found], list[str]] = lambda found: []
    form: type[StyledForm] | None = None
    danger: bool = False
    fresh: bool = False


def guarded(take: Callable[..., HttpResponse], step: Step[Any]) -> Callable[..., HttpResponse]:
    """The view of one step, behind a recent proof of identity when the step says so."""
    return recently_authenticated(take) if step.fresh else take


def others[Found: models.Model](
    steps: Mapping[str, Step[Found]], route: str, user: User, found: Found, primary: str
) -> list[tuple[str, Any]]:
    """Steps that this reader may take besides the one on the big button: addresses and words."""
    return [
        (reverse(route, args=[found.pk, slug]), step.label)
        for slug, step in steps.items()
        if slug != primary and step.may(user, found)
    ]
