"""Publication of the opinion on the site, with its easy-read summary."""

from django.db import transaction

from assembly.identity.models import User
from assembly.text.printable import check_text
from opinions.models import Opinion
from opinions.opinions.workflow import OPINION
from opinions.papers import actions as papers


@OPINION.action("write_easy_read")
@transaction.atomic
def write_easy_read(opinion: Opinion, easy_read: str, *, by: User) -> None:
    """Write the summary in plain words shown next to the full text; also possible after the publication."""
    step = OPINION.require(opinion, "write_easy_read", by=by)
    text = check_text(easy_read.strip())
    if text != opinion.easy_read:
        OPINION.take(opinion, step, by=by, facts={"length": len(text)}, easy_read=text)


@OPINION.action("publish")
@transaction.atomic
def publish(opinion: Opinion, *, by: User) -> None:
    """Publish what was adopted; the sealed file is put on the site now, or once it is sealed."""
    OPINION.transition(opinion, "publish", by=by)
    papers.put_on_site(opinion, by=by)
