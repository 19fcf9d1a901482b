"""Widget of the page of a post: its months, those with too much work first."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.portal.registry import Widget, add_widget
from mission.people.charts import post_chart
from mission.people.models import TeamPost
from mission.people.rules import loads_of, months_to_come


def load_widget(user: Any, subject: TeamPost) -> Widget:
    """Return the widget of twelve months, from this month on."""
    loads = list(loads_of(subject, months_to_come(timezone.localdate())))
    over = " ; ".join(one.sentence for one in loads if one.is_over)
    return Widget("mission/_post_load.html", {"chart": post_chart(_("Douze mois à venir"), loads), "over": over})


add_widget("register-people", load_widget)
