"""The OpenAPI description of the open data (version 3.1), made from the declarations of the sets."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from assembly.open_data.files import CSV_TYPE, LICENCE, LICENCE_URL, source_name
from assembly.open_data.registry import DataColumn, DataSet, DataType

SCHEMAS: dict[DataType, dict[str, Any]] = {
    DataType.TEXT: {"type": "string"},
    DataType.INTEGER: {"type": ["integer", "null"]},
    DataType.NUMBER: {"type": ["number", "null"]},
    DataType.FLAG: {"type": "boolean"},
    DataType.DAY: {"type": ["string", "null"], "format": "date"},
    DataType.MOMENT: {"type": ["string", "null"], "format": "date-time"},
    DataType.ADDRESS: {"type": ["string", "null"], "format": "uri"},
    DataType.CODE: {"type": ["string", "null"]},
    DataType.TEXTS: {"type": "array", "items": {"type": "string"}},
}
READING_METHODS = "GET, HEAD"
FAILURES = {"400": "malformed", "404": "absent", "405": "unsupported", "503": "unavailable"}


def column_schema(column: DataColumn) -> dict[str, Any]:
    """Return the schema of a value, with its French label and description."""
    if column.type is DataType.OBJECTS:
        schema: dict[str, Any] = {"type": "array", "items": row_schema(column.columns)}
    else:
        schema = {**SCHEMAS[column.type]}
    if column.type is DataType.CODE:
        schema["enum"] = [*dict.fromkeys(column.codes.values()), None]
    return (
        schema
        | {"title": str(column.label)}
        | ({"description": str(column.description)} if column.description else {})
    )


def row_schema(columns: Sequence[DataColumn]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {column.name: column_schema(column) for column in columns},
        "required": [column.name for column in columns],
        "additionalProperties": False,
    }


def file_schema(each: DataSet) -> dict[str, Any]:
    """Return the schema of the JSON file of a set."""
    properties = {
        "jeu": {"const": each.key},
        "titre": {"type": "string"},
        "source": {"type": "string"},
        "licence": {"const": LICENCE},
        "modifie_le": {"type": ["string", "null"], "format": "date"},
        "nombre": {"type": "integer"},
        "lignes": {"type": "array", "items": row_schema(each.columns)},
    }
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def read_only_item(summary: str, media_type: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the path item of an address that is only read: GET, and HEAD without content."""
    headers = {
        "ETag": {
            "description": _("Empreinte du contenu, à redonner dans If-None-Match."),
            "schema": {"type": "string"},
        },
        "Access-Control-Allow-Origin": {"schema": {"const": "*"}},
    }
    success = {"description": _("Le contenu."), "headers": headers}
    content = {media_type: {"schema": schema}}
    unchanged = {"description": _("Rien n’a changé depuis cette empreinte."), "headers": headers}
    condition = {"name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"}}
    parameters = [*more.pop("parameters", []), condition]
    failures = {status: {"$ref": f"#/components/responses/{name}"} for status, name in FAILURES.items()}

    def operation(response: dict[str, Any]) -> dict[str, Any]:
        responses = {"200": response, "304": unchanged, **failures}
        return {"summary": summary, **more, "parameters": parameters, "responses": responses}

    return {"get": operation(success | {"content": content}), "head": operation(success)}


def failure_responses() -> dict[str, Any]:
    """Return what each address may answer instead of its content, by name of `FAILURES`."""
    page = {"text/html": {"schema": {"type": "string"}}}
    allow = {"Allow": {"schema": {"const": READING_METHODS}}}
    return {
        "malformed": {"description": _("La demande est mal formée."), "content": page},
        "absent": {"description": _("Rien de public à cette adresse."), "content": page},
        "unsupported": {"description": _("Ces adresses ne font que se lire."), "headers": allow},
        "unavailable": {"description": _("Le service est interrompu : réessayez plus tard."), "content": page},
    }


def set_paths(each: DataSet) -> dict[str, Any]:
    title = str(each.title)
    paths = {
        each.json_path: read_only_item(
            title, "application/json", file_schema(each), description=str(each.description), tags=[title]
        ),
        each.csv_path: read_only_item(
            title,
            CSV_TYPE.partition(";")[0],
            {"type": "string"},
            description=_("Les mêmes lignes, séparées par des points-virgules : %(names)s.")
            % {"names": ", ".join(column.name for column in each.columns)},
            tags=[title],
        ),
    }
    if each.page is not None:
        parameter = {"name": "reference", "in": "path", "required": True, "schema": {"type": "string"}}
        item = read_only_item(
            str(each.page.label),
            "application/json",
            row_schema(each.page_columns),
            parameters=[parameter | {"example": each.page.example}],
            tags=[title],
        )
        paths[f"/{each.page.path}{{reference}}.json"] = item
    return paths


def describe_api(sets: Sequence[DataSet]) -> dict[str, Any]:
    """Return the description of every address: files of the sets, JSON beside the pages."""
    paths: dict[str, Any] = {}
    for each in sets:
        paths |= set_paths(each)
    paths["/donnees/donnees.zip"] = read_only_item(
        _("L’archive de la dernière nuit"), "application/zip", {"type": "string", "format": "binary"}
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("Données ouvertes : %(name)s") % {"name": source_name()},
            "version": "1",
            "description": _("Tout ce que l’Assemblée publie. Aucune inscription, aucune clé."),
            "license": {"name": LICENCE, "url": LICENCE_URL},
        },
        "servers": [{"url": settings.SITE_URL}],
        "tags": [{"name": str(each.title), "description": str(each.description)} for each in sets],
        "paths": paths,
        "components": {"responses": failure_responses()},
    }
