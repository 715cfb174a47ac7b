"""PayPal's own description of its API, where it lies beside the project: every request is held against it."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs" / "paypal"
HOST = "https://api-m.sandbox.paypal.com"
_OF = {
    "/v2/checkout/": "checkout_orders_v2.json",
    "/v2/payments/": "payments_payment_v2.json",
    "/v1/notifications/": "notifications_webhooks_v1.json",
}
ABSENT = f"PayPal's specifications are absent (shared/specs/paypal beside the project: {SPECS})"


def present() -> bool:
    return all((SPECS / name).is_file() for name in _OF.values())


@cache
def _spec(name: str) -> tuple[Any, tuple[str, ...]]:
    from openapi_core import OpenAPI

    said = json.loads((SPECS / name).read_text("utf-8"))
    return OpenAPI.from_dict(said), tuple(said["paths"])


def complaint(method: str, path: str, headers: dict[str, str], body: bytes) -> str:
    """What the specification says against a request; empty when it agrees or is not here."""
    name = next((name for start, name in _OF.items() if path.startswith(start)), None)
    if name is None or not present():
        return ""
    from openapi_core.exceptions import OpenAPIError
    from openapi_core.testing import MockRequest

    spec, paths = _spec(name)
    for pattern in paths:
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern), path)
        if found is None:
            continue
        request = MockRequest(
            HOST, method.lower(), path, path_pattern=pattern, view_args=found.groupdict(), headers=headers,
            data=body or None, content_type="application/json",
        )  # fmt: skip
        try:
            spec.validate_request(request)
        except OpenAPIError as error:
            causes = getattr(error.__cause__, "schema_errors", None) or [error]
            return "; ".join(str(getattr(cause, "message", cause)) for cause in causes)
        return ""
    return f"no such path: {path}"
