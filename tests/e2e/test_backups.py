"""« Sauvegardes » in a browser: asked without script; with it, the page says by itself when the backup is made."""

import pytest
from django.utils import timezone

from assembly.portal.models import Backup

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE, ASK = "/bureau/service/sauvegardes/", "Demander une sauvegarde"


def test_a_backup_is_asked_without_script_and_its_end_shows_by_itself_with_it(open_context, sign_in, people):
    plain = open_context(java_script_enabled=False)
    sign_in(plain, "lead")
    page = plain.new_page()
    page.goto(PAGE)
    page.get_by_role("button", name=ASK).click()
    page.get_by_role("link", name="Actualiser").click()
    assert page.get_by_text("Une sauvegarde est demandée.").count() == 1
    living = open_context()
    sign_in(living, "lead")
    page = living.new_page()
    page.goto(PAGE)
    assert page.get_by_role("button", name=ASK).count() == 0
    Backup.objects.update(state="made", ended_at=timezone.now(), size=2_200_000)
    page.get_by_role("button", name=ASK).wait_for()
    assert page.get_by_text("2,2 Mo").count() == 1
    assert page.get_by_text("n’a pas abouti").count() == 0
