"""The TypeScript types of the API's answers and requests, made from the OpenAPI document."""

from __future__ import annotations

import json
from typing import Any

from config.api import api

_HEAD = """\
// Made by `./sigap write_docs` from the OpenAPI document. A test compares the two. For the type checker only: it reads
// these types in the comments of static/js, as `Api.IncidentForm`; a browser never gets this file.
"""
_NAMES = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def browser_types() -> str:
    """The text of types/api.d.ts: one type for each schema of the document, by its name."""
    schemas = json.loads(json.dumps(api.get_openapi_schema()["components"]["schemas"], default=str))
    types = [_declaration(name, schemas[name]) for name in sorted(schemas)]
    return _HEAD + "declare namespace Api {\n" + "\n".join(types) + "}\n"


def _declaration(name: str, schema: dict[str, Any]) -> str:
    if "properties" not in schema:
        return f"  type {name} = {_type(schema)};\n"
    required = set(schema.get("required", ()))
    lines = [
        f"    {field}{'' if field in required else '?'}: {_type(part)};" for field, part in schema["properties"].items()
    ]
    return "\n".join([f"  type {name} = {{", *lines, "  };", ""])


def _type(schema: dict[str, Any]) -> str:
    """A schema as a type; `any` where the document leaves the value open."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")]))
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " | ".join(dict.fromkeys(_type(part) for part in options))
    if parts := schema.get("allOf"):
        return " & ".join(_type(part) for part in parts)
    return _NAMES.get(str(schema.get("type"))) or _composed(schema)


def _composed(schema: dict[str, Any]) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type(part) for part in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return f"Array<{_type(schema.get('items', {}))}>"
    if schema.get("type") == "object":
        values = schema.get("additionalProperties")
        return f"{{ [key: string]: {_type(values) if isinstance(values, dict) else 'any'} }}"
    return "any"
