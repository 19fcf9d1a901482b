"""« Circuit de visa »: read by the house, ordered by its approver; the page of a visa follows it."""

import pytest
from django.urls import reverse

from consultations.models import ReviewState, VisaLevel
from consultations.reviews.actions import answering
from consultations.reviews.queries import levels_of
from tests.consultations.desk import agent, another, asked_of, written
from tests.factories.consultations import VisaLevelFactory

pytestmark = pytest.mark.django_db


def url(name, *keys):
    return reverse(f"consultations:{name}", args=keys)


def words_of(page):
    return page.content.decode().replace("\u00a0", " ")


def test_an_approver_names_and_orders_the_visas(signed_in, people):
    approver = signed_in("dir_approver")
    holder = agent(people.directorate)
    add = url("visa-level-add", people.directorate.pk)
    for name in ("Service", "DGA"):
        assert approver.post(add, {"name": name, "holder": holder.pk}).status_code == 302
    assert approver.post(add, {"name": "", "holder": holder.pk}).status_code == 422
    last = levels_of(people.directorate)[-1]
    approver.post(url("visa-level-up", last.pk))
    page = words_of(signed_in("dir_contact").get(url("visa-levels")))
    assert page.index("DGA") < page.index("Service") < page.index("Visa de la direction")
    assert "Monter" not in page
    approver.post(url("visa-level-remove", last.pk))
    assert [row.name for row in levels_of(people.directorate)] == ["Service"]


def test_another_directorate_does_not_see_it(signed_in, people):
    level = VisaLevelFactory(directorate=people.directorate, holder=people["dir_contact"], name="Service secret")
    _place, _contact, approver = another(people)
    browser = signed_in(approver)
    assert "Service secret" not in words_of(browser.get(url("visa-levels")))
    for name, key in (
        ("visa-level-add", people.directorate.pk),
        ("visa-level-up", level.pk),
        ("visa-level-remove", level.pk),
    ):
        assert browser.post(url(name, key)).status_code == 404
    assert not VisaLevel.objects.exclude(removed_at=None).exists()


def test_the_holder_gives_the_visa_on_the_page_and_the_approver_after_them(signed_in, people):
    people["dir_approver"]
    holder = agent(people.directorate)
    level = VisaLevelFactory(directorate=people.directorate, holder=holder, name="Chef de service")
    review = written(asked_of(people, ReviewState.DRAFTED))
    assert "Chef de service" in words_of(signed_in("dir_contact").get(url("instruction", review.pk)))
    answering.submit(review, version=0, by=people["dir_contact"])
    browser, page = signed_in(holder), url("instruction-visa", review.pk)
    assert f'href="{page}"' in words_of(browser.get("/instructions/"))
    assert "Donner mon visa et rendre" not in words_of(browser.get(page))
    assert f'href="{page}"' not in words_of(signed_in("dir_approver").get("/instructions/"))
    done = words_of(browser.post(page, {"version": 0, "level": level.pk}, follow=True))
    assert "La contribution attend maintenant le visa de la direction." in done
    approver = signed_in("dir_approver")
    assert "Donner mon visa et rendre" in words_of(approver.get(page))
    approver.post(page, {"version": 0})
    review.refresh_from_db()
    assert review.state == ReviewState.VALIDATED
