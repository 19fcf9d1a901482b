"""Pages of the steps of an amendment in the back office."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from opinions.actions.amendments.debate import consent
from opinions.amendments.workflow import AMENDMENT
from opinions.models import Amendment
from opinions.views.fetch import desk_amendment
from sessions.pages import origin_page

# Steps that move the amendment forward are big buttons.
FIRST = {"recevable", "appeler", "voter", "retablir"}


def return_query(request: UserRequest) -> str:
    """Return the query string with the address to return to, if the reader came from the order of call."""
    back = origin_page(request)
    return format_return_query(back) if back else ""


def format_return_query(address: str) -> str:
    return f"?{urlencode({'retour': address}, safe='/')}"


def back_to(request: UserRequest, amendment: Amendment) -> str:
    """Return the amendment; once its result is recorded, the order of call if the reader came from it."""
    is_over = request.method == "POST" and amendment.is_decided
    return (is_over and origin_page(request)) or reverse("opinions:amendment", args=[amendment.pk]) + return_query(
        request
    )


def amendment_label(amendment: Amendment) -> str:
    label = gettext("Amendement n°\u00a0%(n)s, %(ref)s")
    return label % {"n": amendment.number, "ref": amendment.opinion.reference}


STEPS = StepPages(
    AMENDMENT,
    name="opinions:amendment-step",
    fetch=desk_amendment,
    back=back_to,
    eyebrow=amendment_label,
)
STEPS.bind("action", {"sans-opposition": consent})
