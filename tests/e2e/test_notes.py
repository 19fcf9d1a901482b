"""Notes in a real browser: saved as one types, taken into the summary by one click, nothing overwritten."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from sessions.minutes.actions import writing
from sessions.models import ItemNote, MinutesSection
from tests.e2e.accessibility import assert_usable
from tests.e2e.slow_line import LateScript
from tests.sessions.sittings.closed_sitting import closed_sitting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def held(site, people):
    return closed_sitting(people)


def test_notes_save_themselves_and_join_the_summary_at_a_click(page, site, sign_in, held):
    item = held.items[1]
    minutes = held.begin()
    writing.write(minutes, item, "<p>Déjà écrit.</p>", revision=0, by=held.secretary)
    sign_in(page.context, held.officer)
    page.goto(site + reverse("sittings:notes", args=[held.sitting.pk]))
    box = page.locator(f"#note-{item.pk}")
    box.fill("Six prises de parole\nReste à charge en tête")
    expect(page.locator(f"#point-{item.pk} [role=status]")).to_contain_text("Enregistré à")
    assert_usable(page)
    assert ItemNote.objects.get().text == "Six prises de parole\nReste à charge en tête"
    page.goto(site + reverse("sittings:section", args=[minutes.pk, item.pk]))
    page.get_by_role("link", name="Reprendre dans le résumé").click()
    text = page.locator("#summary-text")
    expect(text).to_contain_text("Déjà écrit.")
    expect(text).to_contain_text("Reste à charge en tête")
    expect(page.locator("#save-state")).to_contain_text("Enregistré")
    page.wait_for_function("() => document.querySelector('#save-state').textContent.includes('Vous pouvez fermer')")
    kept = MinutesSection.objects.get(agenda_item=item).summary_html
    assert kept == "<p>Déjà écrit.</p><p>Six prises de parole</p><p>Reste à charge en tête</p>"


def test_words_typed_before_the_script_came_are_saved(page, site, sign_in, held):
    item = held.items[1]
    sign_in(page.context, held.officer)
    late = LateScript(page, "**/js/ui/autosave.js*")
    page.goto(site + reverse("sittings:notes", args=[held.sitting.pk]), wait_until="commit")
    page.locator(f"#note-{item.pk}").fill("Tapé sur une ligne lente.")
    assert not ItemNote.objects.exists()
    late.come()
    expect(page.locator(f"#point-{item.pk} [role=status]")).to_contain_text("Enregistré à")
    assert ItemNote.objects.get().text == "Tapé sur une ligne lente."


def test_another_window_loses_no_word(page, site, sign_in, held):
    item = held.items[0]
    sign_in(page.context, held.officer)
    address = site + reverse("sittings:notes", args=[held.sitting.pk])
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    other.locator(f"#note-{item.pk}").fill("De la tablette")
    expect(other.locator(f"#point-{item.pk} [role=status]")).to_contain_text("Enregistré à")
    page.locator(f"#note-{item.pk}").fill("Du bureau")
    expect(page.locator(f"#note-{item.pk}")).to_have_value("De la tablette\n\nDu bureau")
    expect(page.locator(f"#point-{item.pk} [role=status]")).to_contain_text("Enregistré à")
    assert ItemNote.objects.get().text == "De la tablette\n\nDu bureau"
