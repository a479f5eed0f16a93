"""Checks JSON against contract.schema.json: a missing, extra, mistyped or out-of-range field is refused
by path.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .failure import Failure

Schema = dict[str, Any]
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


@cache
def definitions() -> dict[str, Schema]:
    """Every named schema of the contract."""
    text = Path(__file__).with_name("contract.schema.json").read_text(encoding="utf-8")
    made: dict[str, Schema] = json.loads(text)["$defs"]
    return made


def json_lines(data: bytes) -> Iterator[tuple[int, str]]:
    """The lines of a JSONL file with their numbers. A string may hold U+2028, which ends no line of JSON."""
    return enumerate(data.decode("utf-8").removesuffix("\n").split("\n"), 1)


def loads(text: str | bytes, where: str, code: str) -> Any:
    """Parses JSON; NaN and Infinity, which JSON does not have, are refused, as are bytes that are no UTF-8.
    Raises Failure(code).
    """
    try:
        said = text.decode() if isinstance(text, bytes) else text
        return json.loads(said, parse_constant=no_constant)
    except ValueError as error:
        raise Failure(
            code, expected="JSON", where=where, found=str(error), remedy="Write the file again."
        ) from error


def check(name: str, value: Any, where: str, code: str) -> None:
    """Raises Failure(code) with the path of the first thing in `value` that the schema `name` does not
    allow.
    """
    _check(definitions()[name], value, where, code)


def no_constant(word: str) -> float:
    raise ValueError(f"{word} is not JSON")


def _check(schema: Schema, value: Any, where: str, code: str) -> None:
    for key in ("oneOf", "anyOf"):
        if key in schema:
            _check(_chosen(schema[key], value, where, code), value, where, code)
            return
    if "type" in schema:
        _check_type(schema["type"], value, where, code)
    if "const" in schema and value != schema["const"]:
        _refuse(code, where, json.dumps(schema["const"]), value)
    if "enum" in schema and value not in schema["enum"]:
        _refuse(code, where, "one of " + ", ".join(schema["enum"]), value)
    if isinstance(value, str):
        _check_text(schema, value, where, code)
    elif isinstance(value, dict):
        _check_object(schema, value, where, code)
    elif isinstance(value, list):
        _check_list(schema, value, where, code)
    elif isinstance(value, (int, float)):
        _check_range(schema, value, where, code)


def _chosen(options: list[Schema], value: Any, where: str, code: str) -> Schema:
    """The member of a union that `value` means to be: null or not, or by the field that holds a constant."""
    if value is None:
        nulls = [one for one in options if one.get("type") == "null"]
        return nulls[0] if nulls else options[0]
    rest = [one for one in options if one.get("type") != "null"]
    if len(rest) == 1:
        return rest[0]
    tag = _tag(rest)
    wanted = value.get(tag) if isinstance(value, dict) else None
    for one in rest:
        if one["properties"][tag]["const"] == wanted:
            return one
    names = ", ".join(str(one["properties"][tag]["const"]) for one in rest)
    raise _refusal(code, f"{where}.{tag}", f"one of {names}", wanted)


def _tag(options: list[Schema]) -> str:
    for key in options[0]["properties"]:
        seen = [one["properties"].get(key, {}).get("const") for one in options]
        if None not in seen and len(set(seen)) == len(options):
            return str(key)
    raise ValueError("a union without a field that tells its members apart")


def _check_type(wanted: str, value: Any, where: str, code: str) -> None:
    is_bool = isinstance(value, bool)
    if not isinstance(value, _TYPES[wanted]) or (is_bool and wanted != "boolean"):
        _refuse(code, where, wanted, value)


def _check_text(schema: Schema, value: str, where: str, code: str) -> None:
    if len(value) < schema.get("minLength", 0):
        _refuse(code, where, f"at least {schema['minLength']} character", value)
    if "pattern" in schema and not re.search(schema["pattern"], value):
        _refuse(code, where, f"text like {schema['pattern']}", value)


def _check_range(schema: Schema, value: float, where: str, code: str) -> None:
    bounds = (
        ("minimum", "at least", value >= schema.get("minimum", value)),
        ("maximum", "at most", value <= schema.get("maximum", value)),
        ("exclusiveMinimum", "more than", value > schema.get("exclusiveMinimum", float("-inf"))),
        ("exclusiveMaximum", "less than", value < schema.get("exclusiveMaximum", float("inf"))),
    )
    for key, words, fits in bounds:
        if not fits:
            _refuse(code, where, f"{words} {schema[key]}", value)


def _check_object(schema: Schema, value: dict[str, Any], where: str, code: str) -> None:
    fields: dict[str, Schema] = schema.get("properties", {})
    for key in schema.get("required", ()):
        if key not in value:
            raise _refusal(code, f"{where}.{key}", "this field", None, "nothing")
    for key, one in value.items():
        if key in fields:
            _check(fields[key], one, f"{where}.{key}", code)
        elif schema.get("additionalProperties") is False:
            _refuse(code, f"{where}.{key}", "no such field", one)


def _check_list(schema: Schema, value: list[Any], where: str, code: str) -> None:
    prefix: list[Schema] = schema.get("prefixItems", [])
    if prefix and len(value) != len(prefix):
        _refuse(code, where, f"{len(prefix)} items", value)
    if len(value) < schema.get("minItems", 0):
        _refuse(code, where, f"at least {schema['minItems']} items", value)
    for index, one in enumerate(value):
        item = prefix[index] if prefix else schema.get("items", {})
        _check(item, one, f"{where}[{index}]", code)


def _refuse(code: str, where: str, expected: str, value: Any) -> None:
    raise _refusal(code, where, expected, value)


def _refusal(code: str, where: str, expected: str, value: Any, found: str | None = None) -> Failure:
    shown = found or json.dumps(value, default=str)[:120]
    remedy = "Write the job again through Backlot; the engine has no defaults and guesses nothing."
    return Failure(code, expected=expected, where=where, found=shown, remedy=remedy)
