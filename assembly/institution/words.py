"""State badges of a term."""

from assembly.institution.enums import TermState as S

TERM_SHAPES = {
    S.PLANNED: "todo",
    S.RECRUITING: "doing",
    S.DRAWN: "doing",
    S.INSTALLED: "doing",
    S.ACTIVE: "doing",
    S.CLOSING: "wait",
    S.CLOSED: "done",
    S.ARCHIVED: "shut",
}
