"""Rights on indicators: read by expectations.py, one line a route."""

from tests.mission.indicators.nights import begun_term, counted_night, made_sheet, yesterday
from tests.security.routes import ANYONE, DIRECTORATES, ELECTED, MEMBERS, TEAM, Route


def of(key):
    """Return an address with a key of a declaration, of the term at work, counted last night."""

    def made(p):
        counted_night(p.term)
        return {"name": key}

    return made


def night(p):
    counted_night(p.term)
    return {}


def value(p):
    begun_term(p)
    return {"value": "81,5", "day": yesterday().isoformat(), "source": "Questionnaire de mars"}


ROUTES = {
    # `crosses`: a key is of no term: each team reads the figures of its own.
    "mission:indicators": Route(get=TEAM, of=night, crosses=True),
    "mission:indicators-export": Route(get=TEAM, of=night, crosses=True),
    "mission:indicators-compare": Route(get=TEAM, of=night, crosses=True),
    "mission:indicator": Route(get=TEAM, of=of("assiduite"), crosses=True),
    "mission:indicator-rows": Route(get=TEAM, of=of("sieges-pourvus")),
    "mission:indicator-entry": Route(
        get=TEAM, post=TEAM, of=lambda p: {"name": "satisfaction"}, data=value, crosses=True
    ),
    "mission:indicator-sheets": Route(get=TEAM, post=TEAM, of=night, crosses=True),
    "mission:indicator-sheet": Route(get=TEAM, post="lead", of=lambda p: {"pk": made_sheet(p).pk}),
    "mission:indicator-sheet-print": Route(post=TEAM, of=lambda p: {"pk": made_sheet(p).pk}),
    # `crosses`: each reads the term of their own house.
    "mission:directorate-indicators": Route(get=f"{DIRECTORATES} {ELECTED}", of=night, crosses=True),
    # A directorate opens the cells of its own, never the whole.
    "mission:directorate-indicator-rows": Route(get=ELECTED, of=of("delai-de-reponse")),
    "mission:my-indicators": Route(get=MEMBERS, of=night, crosses=True),
    # Anybody reads what is marked public.
    "mission:public-indicators": Route(get=ANYONE, of=night, crosses=True),
    "mission:public-indicators-file": Route(get=ANYONE, of=night, crosses=True),
    "mission:public-indicator": Route(get=ANYONE, of=of("assiduite"), crosses=True),
}
