"""One browser over a real port, with its own cookies: for what only real parallel requests show."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from django.conf import settings
from django.core import mail
from django.urls import reverse

from tests.browsing import StrictClient

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
CODE = re.compile(r"\b(\d{6})\b")


class Visitor:
    def __init__(self, site: str) -> None:
        self.site = site
        self.session = requests.Session()
        self.token = TOKEN.search(self.get("account_request_login_code").text)[1]

    def get(self, name: str) -> requests.Response:
        return self.session.get(self.site + reverse(name), timeout=30)

    def post(self, name: str, **data: str) -> requests.Response:
        """Post a form and follow redirects, as a browser does."""
        data["csrfmiddlewaretoken"] = self.token
        return self.session.post(self.site + reverse(name), data=data, timeout=30)

    def ask(self, email: str) -> tuple[float, requests.Response]:
        """Request a code and return the duration of the response."""
        started = time.monotonic()
        answer = self.post("account_request_login_code", email=email)
        return time.monotonic() - started, answer

    def received(self, email: str) -> str:
        """Return the last code sent to `email`, which is sent after the response."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            if bodies := [message.body for message in mail.outbox if message.to == [email]]:
                return CODE.search(bodies[-1])[1]
            time.sleep(0.02)
        raise AssertionError("no mail came")

    def enter(self, user: object) -> None:
        """Set the session of a user who has just signed in."""
        value = StrictClient().enter(user).cookies[settings.SESSION_COOKIE_NAME].value
        self.session.cookies.set(settings.SESSION_COOKIE_NAME, value)
        self.token = TOKEN.search(self.get("identity:account").text)[1]

    def post_at_once(self, times: int, name: str, **data: str) -> list[str]:
        """Post the same form in parallel, each over its own connection, without following redirects."""
        cookies = self.session.cookies.get_dict()
        data["csrfmiddlewaretoken"] = self.token

        def one(_: int) -> str:
            url = self.site + reverse(name)
            return requests.post(url, data=data, cookies=cookies, timeout=30, allow_redirects=False).text

        with ThreadPoolExecutor(times) as crowd:
            return list(crowd.map(one, range(times)))
