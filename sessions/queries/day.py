"""The running sitting: the open item, its clock, the next one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions.agenda.queries import AgendaLine


@dataclass(frozen=True)
class AgendaProgress:
    """Present position in the agenda: the open item (None between two), its position, the items around it."""

    line: AgendaLine | None
    position: int
    count: int
    elapsed: int
    before: AgendaLine | None
    after: AgendaLine | None

    @property
    def late(self) -> int:
        return max(0, self.elapsed - self.line.minutes) if self.line else 0

    @property
    def clock_label(self) -> str:
        """Return « 12 min sur 45, il en reste 33 »."""
        if self.line is None:
            return ""
        facts = {"spent": self.elapsed, "all": self.line.minutes, "left": self.line.minutes - self.elapsed}
        if self.late:
            template = ngettext("%(late)s\u00a0minute de trop", "%(late)s\u00a0minutes de trop", self.late)
            return f"{_('%(spent)s\u00a0min sur %(all)s') % facts}, {template % {'late': self.late}}"
        return _("%(spent)s\u00a0min sur %(all)s, il en reste %(left)s") % facts


def agenda_progress(lines: Sequence[AgendaLine], now: datetime) -> AgendaProgress:
    """Return the deepest open item, the next one never opened, and the one before, which may be reopened."""
    reached = [at for at, line in enumerate(lines) if line.item.opened_at]
    running = [at for at in reached if lines[at].item.closed_at is None]
    at = running[-1] if running else None
    last = at if at is not None else (reached[-1] if reached else -1)
    line = lines[at] if at is not None else None
    closed = [each for each in reached if each != at and each <= last and lines[each].item.closed_at]
    coming = [each for each in range(last + 1, len(lines)) if each not in reached]
    opened_at = line.item.opened_at if line else None
    return AgendaProgress(
        line=line,
        position=last + 1,
        count=len(lines),
        elapsed=max(0, int((now - opened_at).total_seconds() // 60)) if opened_at else 0,
        before=lines[closed[-1]] if closed else None,
        after=lines[coming[0]] if coming else None,
    )
