"""What Stripe's API takes, by the typed parameters of the installed package itself: names, types, allowed words.

The package's types are open where Stripe's API is not: their options are dropped, a word beside an enumeration is no
other word, and names that are not listed are none.
"""

from __future__ import annotations

import re
import typing
from decimal import Decimal
from functools import cache
from types import ModuleType
from typing import Any

from pydantic import TypeAdapter
from stripe.params import _refund_create_params, _refund_list_params
from stripe.params.checkout import _session_create_params, _session_expire_params, _session_list_params

T = typing.TypeVar("T")
Schema = dict[str, Any]
OPTIONS = frozenset(
    ["api_key", "stripe_version", "stripe_account", "stripe_context", "max_network_retries", "idempotency_key",
     "content_type", "headers"]
)  # fmt: skip
CALLS: dict[tuple[str, str], tuple[ModuleType, str]] = {
    ("POST", "checkout/sessions"): (_session_create_params, "SessionCreateParams"),
    ("GET", "checkout/sessions"): (_session_list_params, "SessionListParams"),
    ("POST", "checkout/sessions/*/expire"): (_session_expire_params, "SessionExpireParams"),
    ("POST", "refunds"): (_refund_create_params, "RefundCreateParams"),
    ("GET", "refunds"): (_refund_list_params, "RefundListParams"),
}


def complaint(method: str, path: str, given: object) -> str:
    """What is wrong with the parameters of a call, as they came by the form: all leaves are text. Empty: nothing."""
    place = re.sub(r"/(cs|re)_\w+", "/*", path.removeprefix("/v1/"))
    known = CALLS.get((method, place))
    return _wrong(given, schema(*known), "") if known else ""


@cache
def schema(module: ModuleType, name: str) -> Schema:
    untold = {"StripeContext": Any, "UntypedStripeObject": dict[str, T], "Decimal": Decimal}
    names = {**vars(typing), **vars(module), **untold}
    adapter = TypeAdapter(getattr(module, name))
    adapter.rebuild(_types_namespace=names, force=True)
    made = adapter.json_schema()
    definitions = made.pop("$defs", {})
    strict: Schema = _strict(made, definitions)
    strict["properties"] = {key: value for key, value in strict["properties"].items() if key not in OPTIONS}
    return strict


def _strict(node: Any, definitions: Schema) -> Any:
    if isinstance(node, list):
        return [_strict(one, definitions) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _strict(definitions[node["$ref"].rpartition("/")[2]], definitions)
    made = {
        key: _strict(value, definitions) for key, value in node.items() if key != "title" or isinstance(value, dict)
    }
    arms = made.get("anyOf")
    if arms and any("enum" in arm or "const" in arm for arm in arms):
        made["anyOf"] = [arm for arm in arms if arm != {"type": "string"}]
    return made


def _wrong(given: object, node: Schema, at: str) -> str:
    if "anyOf" in node:
        complaints = [_wrong(given, arm, at) for arm in node["anyOf"]]
        return "" if "" in complaints else complaints[0]
    kind = node.get("type")
    if kind == "object":
        return _wrong_object(given, node, at)
    if kind == "array":
        if not isinstance(given, list):
            return f"Invalid array: {at}"
        return next((words for n, one in enumerate(given) if (words := _wrong(one, node["items"], f"{at}[{n}]"))), "")
    if kind is None and "enum" not in node and "const" not in node:
        return ""
    if not isinstance(given, str):
        return f"Invalid value: {at}"
    if "enum" in node or "const" in node:
        allowed = node.get("enum", [node.get("const")])
        return "" if given in allowed else f"Invalid {at}: must be one of {', '.join(map(str, allowed))}"
    shapes = {"integer": r"-?[0-9]+", "number": r"-?[0-9]+(\.[0-9]+)?", "boolean": "true|false"}
    if kind in shapes and not re.fullmatch(shapes[kind], given):
        return f"Invalid {kind}: {at}"
    return ""


def _wrong_object(given: object, node: Schema, at: str) -> str:
    if not isinstance(given, dict):
        return f"Invalid object: {at}"
    known = node.get("properties")
    if known is None:
        inner = node.get("additionalProperties")
        values = given.items() if isinstance(inner, dict) else ()
        return next((words for name, one in values if (words := _wrong(one, inner, f"{at}[{name}]"))), "")
    for name in node.get("required", ()):
        if name not in given:
            return f"Missing required param: {at}[{name}]"
    for name, one in given.items():
        where = f"{at}[{name}]" if at else name
        if name not in known:
            return f"Received unknown parameter: {where}"
        if words := _wrong(one, known[name], where):
            return words
    return ""
