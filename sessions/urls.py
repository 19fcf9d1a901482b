"""All URLs of the sittings: the lists of the features."""

from sessions.agenda import urls as agenda
from sessions.attendance import urls as attendance
from sessions.decisions import urls as decisions
from sessions.expenses import urls as expenses
from sessions.minutes import urls as minutes
from sessions.sittings import urls as sittings

app_name = "sittings"
urlpatterns = [
    url for part in (sittings, agenda, attendance, minutes, decisions, expenses) for url in part.urlpatterns
]
