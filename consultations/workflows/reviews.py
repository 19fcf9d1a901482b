"""State table of reviews: the README carries the same."""

from assembly.workflow import Workflow
from consultations.enums import ReviewState as R
from consultations.models import DirectorateReview

REVIEW: Workflow[DirectorateReview] = Workflow(
    [
        ("draft", {R.ASKED, R.DRAFTED, R.RETURNED, R.SUPPLEMENT}, R.DRAFTED),
        ("submit", {R.DRAFTED, R.RETURNED, R.SUPPLEMENT}, R.SUBMITTED),
        ("return", {R.SUBMITTED}, R.RETURNED),
        ("validate", {R.SUBMITTED}, R.VALIDATED),
        ("ask_supplement", {R.VALIDATED}, R.SUPPLEMENT),
        ("decline", {R.ASKED, R.DRAFTED, R.RETURNED, R.SUPPLEMENT}, R.DECLINED),
        ("ask_again", {R.DECLINED, R.CLOSED}, R.ASKED),
        ("pass_on", {R.ASKED, R.DRAFTED, R.RETURNED}, R.PASSED_ON),
        ("close", {R.ASKED, R.DRAFTED, R.RETURNED, R.SUBMITTED, R.SUPPLEMENT}, R.CLOSED),
    ]
)
