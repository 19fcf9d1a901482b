"""What somebody types into the public form."""

from html.parser import HTMLParser

from django.urls import reverse

from draws.models import Candidate


def answers(canton, **changed):
    """Return the data of a whole form, as the last page sends it."""
    told = {
        "outside": "oui",
        "elected": "non",
        "agent": "non",
        "former_member": "non",
        "first_name": "Amina",
        "last_name": "Vanuxem",
        "birth_date": "1968-03-14",
        "gender": "F",
        "occupation": "employe",
        "address": "3 rue du Moulin",
        "postcode": "31190",
        "city": "Auterive",
        "canton": str(canton.pk) if canton else "0",
        "email": "amina@example.org",
        "phone": "06 39 98 00 00",
        "consent": "on",
    }
    return told | changed


def recorded(canton, **changed):
    """Return the same data as an action gets it, cleaned."""
    from datetime import date

    told = {name: value for name, value in answers(canton).items() if hasattr(Candidate, name)}
    return told | {"canton": canton, "birth_date": date(1968, 3, 14), "wants_news": False} | changed


class Inputs(HTMLParser):
    """The fields of the one form that leads to `action`, as a browser would send them back."""

    def __init__(self, html, action=""):
        super().__init__()
        self.action, self.fields, self.is_inside, self.select = action, {}, False, None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "form":
            self.is_inside = told.get("action", "") == self.action
        elif not self.is_inside:
            return
        elif tag == "input" and told.get("type") in {"radio", "checkbox"}:
            if "checked" in told:
                self.fields.setdefault(told["name"], []).append(told.get("value", "on"))
        elif tag == "input" and "name" in told:
            self.fields.setdefault(told["name"], []).append(told.get("value", ""))
        elif tag == "select":
            self.select = told["name"]
        elif tag == "option" and "selected" in told:
            self.fields.setdefault(self.select, []).append(told.get("value", ""))


def page_fields(page):
    """Return the data of the next post, without the keys that each page makes new."""
    found = Inputs(page.text, reverse("draws:apply")).fields or Inputs(page.text, reverse("draws:apply-send")).fields
    return {name: value for name, value in found.items() if name not in {"csrfmiddlewaretoken", "idempotency_key"}}
