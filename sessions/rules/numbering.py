"""Series of references: PL for plenaries, then one for each kind of committee."""

from assembly.institution.enums import CommitteeKind
from assembly.institution.models import Committee

PLENARY = "PL"
LONGEST = 16
SERIES = {
    CommitteeKind.STEERING: "COPIL",
    CommitteeKind.TECHNICAL: "COTECH",
    CommitteeKind.FOLLOW_UP: "SUIVI",
    CommitteeKind.GOVERNANCE: "GOUV",
}


def series_of(committee: Committee | None) -> str:
    """Return COPIL, COTECH, SUIVI or GOUV; for other committees their own short name (HABITER)."""
    if committee is None:
        return PLENARY
    if named := SERIES.get(CommitteeKind(committee.kind)):
        return named
    return committee.slug.upper()[:LONGEST].strip("-") or "GT"
