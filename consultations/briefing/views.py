"""Opening of the pack to the members: what is missing first, how many will be notified, then now or later."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.text.french import format_moment
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.workflow import StateConflict
from consultations.actions import briefing_release as actions
from consultations.briefing.forms import ReleaseForm
from consultations.models import BriefingPack, Referral
from consultations.queries import briefing as queries
from consultations.rules import briefing as rules
from consultations.views.briefing import back_to, briefed_referral


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_release(request: UserRequest, pk: int) -> HttpResponse:
    """Show what will happen, then open the pack."""
    referral = briefed_referral(request, pk)
    pack = queries.pack_of(referral)
    if not rules.can_open(request.user, pack):
        raise StateConflict(pack.referral, "release")
    return form_page(
        request,
        ReleaseForm(posted(request), initial={"when": "later" if pack.release_at else "now"}),
        lambda data: open_pack(referral, data, by=request.user),
        template="consultations/briefing/release.html",
        context=lambda: {"referral": referral, "back": back_to(referral), **facts(pack)},
        success_message=str,
        to=back_to(referral),
    )


def facts(pack: BriefingPack) -> dict[str, Any]:
    """Return what is missing, what opens, who is notified."""
    documents = queries.documents_of(pack)
    waiting = pack.deposits.count() if pack.pk else 0
    people = queries.members_to_notify(pack)
    letters = sum(person.is_paper for person in people)
    missing = rules.missing(documents, waiting)
    return {
        "pack": pack,
        "documents": queries.for_members(documents),
        "missing": missing,
        "is_blocked": any(line.blocks for line in missing),
        "people": len(people),
        "mails": len(people) - letters,
        "letters": letters,
    }


def open_pack(referral: Referral, data: dict[str, Any], *, by: User) -> str:
    """Open it now, or at the chosen moment; return the success message."""
    if data["when"] == "later":
        actions.schedule(referral, data["moment"], by=by)
        return _("Le dossier s’ouvrira aux membres le %(moment)s.") % {"moment": format_moment(data["moment"])}
    pack = actions.release(referral, by=by)
    count = len(queries.members_to_notify(pack))
    sentence = ngettext("%(n)s membre est prévenu.", "%(n)s membres sont prévenus.", count) % {"n": count}
    return f"{_('Le dossier est ouvert.')} {sentence}"


@require_POST
def briefing_unschedule(request: UserRequest, pk: int) -> HttpResponse:
    referral = briefed_referral(request, pk)
    actions.unschedule(referral, by=request.user)
    messages.success(request, _("Le dossier ne s’ouvrira pas tout seul."))
    return redirect(back_to(referral))
