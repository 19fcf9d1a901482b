"""State badges of a term."""

from assembly.institution.enums import TermState as S

TERM_BADGES = {
    S.PLANNED: "todo",
    S.RECRUITING: "in_progress",
    S.DRAWN: "in_progress",
    S.INSTALLED: "in_progress",
    S.ACTIVE: "in_progress",
    S.CLOSING: "waiting",
    S.CLOSED: "done",
    S.ARCHIVED: "closed",
}
