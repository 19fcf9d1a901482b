"""The opinion on the public site, with its summary in easy words."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.ui.printable import check_text
from opinions.actions import papers
from opinions.actions.steps import take
from opinions.models import Opinion
from opinions.queries.opinions import last_version
from opinions.rules import opinions as rules


@transaction.atomic
def write_easy_read(opinion: Opinion, words: str, *, by: User) -> None:
    """The summary that stands beside the full text, in plain words; it may be written after the publication too."""
    if not rules.can_edit(by, opinion) and not rules.holds_right(by, opinion, "publish"):
        raise PermissionDenied
    text = check_text(words.strip())
    if text != opinion.easy_read:
        Opinion.objects.filter(pk=opinion.pk).update(easy_read=text, changed_at=timezone.now())
        opinion.easy_read = text
        record("opinion.easy_read_written", opinion, by=by, length=len(text))


@transaction.atomic
def publish(opinion: Opinion, *, by: User) -> None:
    """Anybody may read what was adopted; the sealed file takes its place on the site, now or once it is sealed."""
    if last_version(opinion) is None:
        raise ValidationError(_("Aucun texte adopté à publier."), code="version")
    take(opinion, "publish", "opinion.published", by=by, published_at=timezone.now())
    papers.put_on_site(opinion, by=by)
