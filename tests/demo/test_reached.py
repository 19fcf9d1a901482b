"""Every page of every area is reached by links, from the first page of a reader, in the demonstration."""

import re
from collections import Counter
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from assembly.identity.models import User
from demo.context import DOMAIN
from tests.browsing import StrictClient
from tests.people import People
from tests.security.expectations import ROUTES

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("noon")]
LINK = re.compile(r"""<(?:a|area|iframe|link|img)\b[^>]*?\b(?:href|src)="(/[^"#]*)|<form\b[^>]*\baction="(/[^"#]*)""")
# How many pages of one route are opened: what a page offers depends on the state of its object.
SAMPLES = 3
FIRST_PAGES = {
    "": "/",
    "member": "/espace/",
    **dict.fromkeys(("dir_contact", "dir_approver", "sponsor", "president"), "/instructions/"),
    **dict.fromkeys(("lead", "officer", "facilitator", "witness", "dpo", "archivist", "admin"), "/bureau/"),
}


EXCEPTIONS = """
for programs, or a file that another page shows: portal:health portal:robots portal:security portal:sitemap
  portal:card portal:assembly-card tasks:day identity:mail-state ui:components
after a form, a code or a link of a mail: account_confirm_login_code account_inactive account_reset_password_done
  account_reset_password_from_key_done institution:invitation-code consultations:suggest-check
  answers:directorate-decide mfa_authenticate notifications:mailbox-list
asked again by an act that needs it: account_reauthenticate mfa_reauthenticate mfa_reauthenticate_webauthn
  identity:confirm identity:second-factor
of accounts with a password or a second factor, which the demonstration has not: account_change_password
  mfa_download_recovery_codes mfa_generate_recovery_codes mfa_list_webauthn mfa_view_recovery_codes
once there is one: open_data:archive tasks:pins
former addresses, and those that the library needs closed: sittings:actions sittings:actions-export mfa_index
  account_signup
"""


def route_of(url):
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def stands_alone(name):
    """Return whether a page needs no object: those of an object depend on its state (`test_dead_ends`)."""
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def browser_of(who):
    browser = StrictClient()
    return browser.enter(People().ready(User.objects.get(email=f"{who}{DOMAIN}"))) if who else browser


def reached(who, first):
    """Return the routes to which links lead from the first page of a reader."""
    cache.clear()
    browser, opened, seen, queue = browser_of(who), Counter(), set(), [first]
    while queue:
        url = queue.pop(0)
        name = route_of(url)
        if url in seen or not name or opened[name] >= SAMPLES:
            continue
        seen.add(url)
        opened[name] += 1
        answer = browser.get(url, follow=True)
        seen |= {step for step, _status in answer.redirect_chain}
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            found = (unescape(href or action) for href, action in LINK.findall(answer.content.decode()))
            queue += [link for link in found if link not in seen]
    return set(opened) | {route_of(url) for url in seen}


def test_every_page_that_needs_no_object_is_reached():
    """A new page is red here until something leads to it, or a reason is written above."""
    lines = EXCEPTIONS.strip().replace("\n  ", " ").splitlines()
    excepted = {name for line in lines for name in line.rpartition(": ")[2].split()}
    found = set().union(*(reached(who, first) for who, first in FIRST_PAGES.items()))
    assert {name for name, route in ROUTES.items() if route.get and stands_alone(name)} - found == excepted
