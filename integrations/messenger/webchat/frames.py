"""What a client of the web chat may send: each kind of frame, checked."""

from __future__ import annotations

import json
import re
from typing import Annotated, Literal, cast
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from base.cards import masked
from base.errors import BadInput
from base.text import writable
from bot.messages import Content, Location, Photo, Tap, Text

LONGEST_TEXT = 4_000  # characters
LONGEST_PAYLOAD = 200  # bytes

Json = dict[str, object]

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # PostgreSQL's jsonb takes no NUL


def _writable(text: object) -> object:
    return UNWRITABLE.sub("", text) if isinstance(text, str) else text


def _payload(text: str) -> str:
    if len(text.encode()) > LONGEST_PAYLOAD:
        raise ValueError(f"a payload has at most {LONGEST_PAYLOAD} bytes")
    return text


def _web_address(url: str) -> str:
    if not is_web_address(url):
        raise ValueError("only http and https addresses are taken")
    return url


Words = Annotated[str, BeforeValidator(_writable)]


class ClientFrame(BaseModel):
    """What every client frame has: an id of the client's making. The same id twice has one effect."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID

    def content(self, title: str) -> Content:
        raise AssertionError("each kind of frame says its own content")

    def shown(self, title: str) -> Json:
        """The part that stands in the thread for what the customer did."""
        raise AssertionError("each kind of frame is shown in its own way")


class TextFrame(ClientFrame):
    type: Literal["text"]
    text: Annotated[Words, AfterValidator(masked)]  # the thread keeps it, too

    def content(self, title: str) -> Content:
        return Text(text=self.text)

    def shown(self, title: str) -> Json:
        return {"type": "text", "text": self.text}


class TapFrame(ClientFrame):
    type: Literal["tap"]
    payload: Annotated[Words, AfterValidator(_payload)]

    def content(self, title: str) -> Content:
        return Tap(payload=self.payload, title=title)

    def shown(self, title: str) -> Json:
        return {"type": "text", "text": title or "…"}


class LocationFrame(ClientFrame):
    type: Literal["location"]
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)

    def content(self, title: str) -> Content:
        return Location(lat=self.lat, lon=self.lon)

    def shown(self, title: str) -> Json:
        return {"type": "text", "text": f"📍 {self.lat:.5f}, {self.lon:.5f}"}


class PhotoFrame(ClientFrame):
    type: Literal["photo"]
    url: Annotated[Words, Field(max_length=2_000), AfterValidator(_web_address)]

    def content(self, title: str) -> Content:
        return Photo(reference=self.url)

    def shown(self, title: str) -> Json:
        return {"type": "image", "url": self.url, "alt": ""}


AnyFrame = Annotated[TextFrame | TapFrame | LocationFrame | PhotoFrame, Field(discriminator="type")]
FRAMES: TypeAdapter[TextFrame | TapFrame | LocationFrame | PhotoFrame] = TypeAdapter(AnyFrame)
FRAME_TYPES = ("text", "tap", "location", "photo")


class BadFrame(BadInput):
    """A client frame that cannot be taken. `code` is for the client's program, `what` for its maker."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(what)
        self.code = code


def read_json(text: str) -> Json:
    """The JSON object in a frame. Raises BadFrame `bad_json` for anything else.

    Its id is made writable: an error frame gives it back, and half a surrogate cannot be sent.
    """
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        raise BadFrame("bad_json", "This is not JSON.") from None
    if not isinstance(frame, dict):
        raise BadFrame("bad_json", "A frame is a JSON object.")
    if isinstance(frame.get("id"), str):
        frame["id"] = writable(frame["id"])
    return cast(Json, frame)


def read_frame(frame: Json) -> ClientFrame:
    """A checked client frame. Raises BadFrame: unknown_type, too_long, empty or bad_frame."""
    if frame.get("type") not in FRAME_TYPES:
        raise BadFrame("unknown_type", "Known types: hello, text, tap, location, photo, seen, ping.")
    try:
        read = FRAMES.validate_python(frame)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"][1:])
        raise BadFrame("bad_frame", f"{where}: {first['msg']}") from None
    if isinstance(read, TextFrame):
        if len(read.text) > LONGEST_TEXT:
            raise BadFrame("too_long", f"A message has at most {LONGEST_TEXT} characters.")
        if not read.text.strip():
            raise BadFrame("empty", "There is nothing in this message.")
    return read


def read_seq(frame: Json) -> int:
    """The place in the log that a frame names. Raises BadFrame."""
    seq = frame.get("seq")
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 < seq < 2**63:
        raise BadFrame("bad_frame", "seq: a whole number, 1 or more.")
    return seq


def is_web_address(url: str) -> bool:
    """Whether this is an http or https address with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
