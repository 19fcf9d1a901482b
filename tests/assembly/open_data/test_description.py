"""The OpenAPI description against what is served: every address of it, every field, no address beside it."""

import json
import re
from datetime import date, datetime

import pytest
from django.urls import get_resolver

from assembly.open_data.archive import make_archive
from assembly.open_data.registry import data_sets
from tests.assembly.open_data.stage import get, make_everything, page_addresses

pytestmark = pytest.mark.django_db
MEDIA_TYPES = {"csv": "text/csv", "json": "application/json", "zip": "application/zip"}
TYPES = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
FORMATS = {
    "date": date.fromisoformat,
    "date-time": lambda text: datetime.fromisoformat(text).utcoffset() is not None or 1 / 0,
    "uri": lambda text: re.fullmatch(r"https?://\S+", text) or 1 / 0,
}


def faults(value, schema, place="$"):
    """Return where a value differs from its schema: the part of JSON Schema that the description uses."""
    known = {"type", "properties", "required", "additionalProperties", "items", "enum", "const", "format", "title"}
    assert set(schema) <= known | {"description"}, schema
    if "const" in schema:
        return [] if value == schema["const"] else [f"{place}: {value!r}"]
    names = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    fits = any(isinstance(value, TYPES[name]) and (name == "boolean") == isinstance(value, bool) for name in names)
    if not fits or ("enum" in schema and value not in schema["enum"]):
        return [f"{place}: {value!r} is no {names}"]
    if "format" in schema and value is not None:
        FORMATS[schema["format"]](value)
    if isinstance(value, list):
        return [fault for at, one in enumerate(value) for fault in faults(one, schema["items"], f"{place}[{at}]")]
    if isinstance(value, dict):
        assert list(value) == schema["required"] == list(schema["properties"]), place
        assert schema["additionalProperties"] is False
        return [
            fault
            for name, one in value.items()
            for fault in faults(one, schema["properties"][name], f"{place}.{name}")
        ]
    return []


def described(client):
    return json.loads(get(client, "/donnees/openapi.json").content)


def schema_of(item, media_type):
    return item["get"]["responses"]["200"]["content"][media_type]["schema"]


def test_every_address_of_the_description_is_served_as_described(people, client, count):
    make_everything(people)
    make_archive()
    description = described(client)
    assert description["openapi"].startswith("3.1")
    beside = {f"/{each.page.path}{{reference}}.json": each.key for each in data_sets() if each.page}
    addresses = page_addresses(client)
    checked = 0
    for path, item in description["paths"].items():
        served = addresses[beside[path]] if path in beside else [path]
        assert served, path
        for address in served:
            answer = get(client, address)
            media_type = MEDIA_TYPES[path.rpartition(".")[2]]
            assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (200, media_type)
            assert set(item["get"]["responses"]["200"]["headers"]) <= set(answer.headers)
            if media_type == "text/csv":
                names = ", ".join(answer.content.decode("utf-8-sig").splitlines()[0].split(";"))
                assert names in item["get"]["description"]
            elif media_type == "application/json":
                assert faults(json.loads(answer.content), schema_of(item, media_type)) == [], address
            checked += 1
        if path in beside:
            assert get(client, path.replace("{reference}", "inconnue")).status_code == 404
            assert "404" in item["get"]["responses"]
    count(addresses=checked)


def test_every_address_of_the_open_data_is_in_the_description(client):
    described_paths = set(described(client)["paths"])
    routes = {
        str(pattern.pattern)
        for resolver in get_resolver().url_patterns
        if getattr(resolver, "namespace", None) == "open_data"
        for pattern in resolver.url_patterns
    }
    expected = {f"/{route.replace('<str:reference>', '{reference}')}" for route in routes if "<str:" in route}
    expected |= {path for each in data_sets() for path in (each.csv_path, each.json_path)}
    assert described_paths == expected | {"/donnees/donnees.zip"}


def test_every_column_has_a_french_label_and_every_name_plain_letters(client):
    for each in data_sets():
        for column in each.page_columns:
            assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name), column.name
            assert str(column.label)[0].isupper(), column.name
        names = [column.name for column in each.page_columns]
        assert len(names) == len(set(names)), each.key
        assert str(each.description).endswith(".")
    properties = schema_of(described(client)["paths"]["/donnees/avis.json"], "application/json")["properties"]
    assert properties["lignes"]["items"]["properties"]["adopte_le"] == {
        "type": ["string", "null"],
        "format": "date",
        "title": "Adopté le",
        "description": "Jour du vote",
    }
