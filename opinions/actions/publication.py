"""The opinion on the public site, with its summary in easy words."""

from django.db import transaction

from assembly.identity.models import User
from assembly.ui.printable import check_text
from opinions.actions import papers
from opinions.models import Opinion
from opinions.workflows.opinions import OPINION


@transaction.atomic
def write_easy_read(opinion: Opinion, words: str, *, by: User) -> None:
    """The summary that stands beside the full text, in plain words; it may be written after the publication too."""
    step = OPINION.require(opinion, "write_easy_read", by=by)
    text = check_text(words.strip())
    if text != opinion.easy_read:
        OPINION.take(opinion, step, by=by, facts={"length": len(text)}, easy_read=text)


@transaction.atomic
def publish(opinion: Opinion, *, by: User) -> None:
    """Anybody may read what was adopted; the sealed file takes its place on the site, now or once it is sealed."""
    OPINION.transition(opinion, "publish", by=by)
    papers.put_on_site(opinion, by=by)
