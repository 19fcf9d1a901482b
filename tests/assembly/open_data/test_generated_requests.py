"""Requests generated from the OpenAPI description: no server error, no answer that it does not describe."""

import uuid

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from assembly.open_data.archive import make_archive
from assembly.web.idempotency import HEADER
from tests.assembly.open_data.stage import SECRETS, get, make_everything, page_addresses

pytestmark = pytest.mark.django_db
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
EXAMPLES = 4  # of each operation; the addresses of public rows come besides
OTHER_METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.fixture
def schema(people, client, monkeypatch):
    for signal in (request_started, request_finished):  # they close the connection, and with it the test's transaction
        monkeypatch.setattr(signal, "send", lambda **_: [])
    make_everything(people)
    make_archive()
    description = get(client, "/donnees/openapi.json").json()
    loaded = schemathesis.openapi.from_dict(description | {"servers": [{"url": "/"}]})
    loaded.app = get_wsgi_application()
    return loaded


def send(case):
    """Send a request with an empty cache; return the response after the checks of the description."""
    cache.clear()
    response = case.call(
        headers={"Host": "testserver", HEADER.removeprefix("HTTP_").replace("_", "-"): str(uuid.uuid4())}
    )
    case.validate_response(response, checks=CHECKS.get_by_names(CHECKED))
    leaked = [secret for secret in SECRETS if secret in response.content.decode(errors="replace")]
    assert leaked == [], case.formatted_path
    return response


def operations(schema):
    return [result.ok() for result in schema.get_all_operations()]


def test_generated_requests_get_only_described_answers(schema, count):
    statuses = set()
    quiet = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    tried = operations(schema)
    for operation in tried:

        @quiet
        @given(case=operation.as_strategy())
        def drive(case):
            statuses.add(send(case).status_code)

        drive()
    count(operations=len(tried))
    assert statuses <= {200, 304, 400, 404}
    assert statuses >= {200, 404}


def test_public_rows_a_hostile_reference_and_other_methods_are_answered_as_described(schema, client):
    rows = {address for group in page_addresses(client).values() for address in group}
    for operation in operations(schema):
        beside = "{reference}" in operation.path
        before = operation.path.partition("{reference}")[0]
        served = [
            address.removeprefix(before).removesuffix(".json")
            for address in rows
            if beside and address.startswith(before)
        ]
        cases = [operation.Case(path_parameters={"reference": one}) for one in served] or [operation.Case()]
        for case in cases:
            response = send(case)
            assert response.status_code == 200, case.formatted_path
            etag = response.headers["etag"][0]
            again = operation.Case(path_parameters=case.path_parameters, headers={"If-None-Match": etag})
            assert send(again).status_code == 304, case.formatted_path
        if beside:
            assert send(operation.Case(path_parameters={"reference": "a\0b"})).status_code == 400
        for method in OTHER_METHODS:
            other = operation.Case(path_parameters=cases[0].path_parameters, method=method)
            response = send(other)
            assert (response.status_code, response.headers["allow"]) == (405, ["GET, HEAD"]), method
