"""Neutral messages: what came in from a channel, and what goes out to one. No channel's words in here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from base.money import Money, total
from base.text import one_line

LONGEST_NAME = 100  # characters


class Value(BaseModel):
    """A frozen value that travels as JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Address(Value):
    """Where one conversation lives: a channel, our account on it, and the peer's id there."""

    channel: str
    account: str
    peer: str


def _name(name: str | None) -> str | None:
    """People choose their names themselves, so names come with line breaks and worse."""
    return one_line(name, LONGEST_NAME) or None if name else None


class Profile(Value):
    """What the channel told us of the person. `locale` is an IETF tag such as `pt-BR`."""

    name: Annotated[str | None, AfterValidator(_name)] = None
    locale: str | None = None


# ---- inbound -------------------------------------------------------------------------------------


class About(Value):
    """The post, story or ad that somebody speaks of."""

    post: str = ""  # its id on the platform, where the platform can be asked about it
    clues: tuple[str, ...] = ()  # addresses, captions, ids of products: what tells which goods it shows
    link: bool = False  # no more than an address in the words: of anything, unless it is known

    @property
    def everything(self) -> tuple[str, ...]:
        return (self.post, *self.clues)


class Text(Value):
    kind: Literal["text"] = "text"
    text: str
    reply_to: str | None = None  # platform id of the message this one answers
    about: About | None = None


class Tap(Value):
    """A button was pressed. `payload` is what we sent with the button; it may be forged or stale."""

    kind: Literal["tap"] = "tap"
    payload: str
    title: str = ""
    receipt: str | None = None  # what the channel needs to stop its spinner (Telegram: callback query id)
    message: str | None = None  # platform id of the message that carried the button


class Photo(Value):
    kind: Literal["photo"] = "photo"
    reference: str  # file id or URL; never fetched blindly
    caption: str = ""
    album: str = ""  # the platform's mark of pictures that were sent together, which come one by one
    more: tuple[str, ...] = ()  # the other pictures of the album that have come


class Location(Value):
    kind: Literal["location"] = "location"
    lat: float
    lon: float


class Contact(Value):
    """A phone number the person shared about himself (`own`) or about somebody else."""

    kind: Literal["contact"] = "contact"
    phone: str
    name: str = ""
    own: bool = True


class Other(Value):
    """Voice, sticker, video, file…: something we do not read, but must not meet with silence."""

    kind: Literal["other"] = "other"
    what: str


class Shared(Value):
    """A post, a story or an ad without words: passed on, or a talk opened from it. `what` is the platform's kind."""

    kind: Literal["shared"] = "shared"
    about: About
    what: str = "post"


class Edit(Value):
    """An earlier message was changed: a correction."""

    kind: Literal["edit"] = "edit"
    of: str
    text: str


class Delete(Value):
    kind: Literal["delete"] = "delete"
    of: str


class Start(Value):
    """The conversation was opened by a link or a button; `source` tells which."""

    kind: Literal["start"] = "start"
    source: str = ""
    about: About | None = None  # what stood above the link: the talk begins there


class Blocked(Value):
    """The person blocked (or unblocked) us: nothing can be sent until he comes back."""

    kind: Literal["blocked"] = "blocked"
    on: bool = True


class Comment(Value):
    """Words under a post, which all can read: no part of a conversation. The peer is its author."""

    kind: Literal["comment"] = "comment"
    id: str
    text: str
    about: About


class Answered(Value):
    """Somebody answered past us: a manager in the messenger's own app, or another program. He has taken over.

    `by`: "somebody", where our own messages come back the same way (`echoes` tells them from those of others); "us",
    where the platform tells that; "other", where surely no program of ours wrote it; "person", where it tells that
    surely a person wrote it; "machine", what an account sends by itself while its owner is away: he has taken nothing
    over.
    """

    kind: Literal["answered"] = "answered"
    text: str = ""
    by: Literal["somebody", "us", "other", "person", "machine"] = "somebody"
    mark: str = ""  # the key of ours that came back with it
    wordless: bool = False  # `text` is no words, it only tells what was shown
    shown: tuple[str, ...] = ()  # kinds of the attachments, as the platform calls them


class Handed(Value):
    """From now on we have the conversation on the platform, or another program has (not `ours`)."""

    kind: Literal["handed"] = "handed"
    ours: bool = True


class Enforced(Value):
    """The platform forbids the whole account to write (`on`), or allows it again. It is about nobody's conversation."""

    kind: Literal["enforced"] = "enforced"
    on: bool
    why: str = ""


class OptedIn(Value):
    """Somebody agreed at the platform to hear offers after its window is over, or stopped that."""

    kind: Literal["opted_in"] = "opted_in"
    token: str
    until: datetime | None = None
    on: bool = True


class Reacted(Value):
    """A heart on a message of ours: it says nothing, but the person may be written to from then on."""

    kind: Literal["reacted"] = "reacted"


class Noticed(Value):
    """What we sent has come to the person's device, or he has seen it: all of it up to a moment of the platform.

    Where the platform names the newest message instead, that is the inbound's own, and the moment is the event's.
    """

    kind: Literal["noticed"] = "noticed"
    how: Literal["delivered", "read"]
    until: datetime


class Lent(Value):
    """Somebody lets us answer in his own account, or does no more. The peer is himself, the account is his."""

    kind: Literal["lent"] = "lent"
    on: bool = True


class Search(Value):
    """Goods are looked for from somewhere else in the messenger, by somebody who does not talk to us."""

    kind: Literal["search"] = "search"
    id: str  # what the answer is for; worth nothing a minute later
    words: str = ""
    page: str = ""  # what our last answer named as the next page


Content = Annotated[
    Text
    | Tap
    | Photo
    | Location
    | Contact
    | Other
    | Shared
    | Edit
    | Delete
    | Start
    | Blocked
    | Comment
    | Answered
    | Handed
    | Enforced
    | OptedIn
    | Reacted
    | Noticed
    | Lent
    | Search,
    Field(discriminator="kind"),
]


class Inbound(Value):
    """One thing that happened on a channel. `event_key` is unique per (channel, account); the adapter chooses it."""

    address: Address
    event_key: str
    content: Content
    at: datetime  # the platform's time
    order: int = 0  # the platform's own order within the conversation, where it has one
    message: str | None = None  # platform id of the message, for edits and replies
    profile: Profile = Profile()
    overheard: bool = False  # said to another program that had the conversation: read by people, never acted upon


# ---- outbound ------------------------------------------------------------------------------------


class TextPart(Value):
    kind: Literal["text"] = "text"
    text: str


class Choice(Value):
    title: str
    payload: str


class Choices(Value):
    """Buttons, each with a typed answer that works everywhere."""

    kind: Literal["choices"] = "choices"
    choices: tuple[Choice, ...]


class Card(Value):
    title: str
    subtitle: str = ""
    image: str | None = None  # address of a picture, absolute or below the shop's public address
    price: str = ""
    buttons: tuple[Choice, ...] = ()


class Cards(Value):
    kind: Literal["cards"] = "cards"
    cards: tuple[Card, ...]


class Image(Value):
    kind: Literal["image"] = "image"
    url: str
    alt: str = ""


class Album(Value):
    """Several pictures of one thing."""

    kind: Literal["album"] = "album"
    images: tuple[Image, ...]

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(image.url for image in self.images)


class Link(Value):
    kind: Literal["link"] = "link"
    title: str
    url: str


class ReceiptLine(Value):
    title: str
    money: Money | None = None  # the same as a number, for channels that have a receipt of their own
    amount: str


class Receipt(Value):
    kind: Literal["receipt"] = "receipt"
    number: str = ""
    recipient: str = ""
    payment: str = ""  # the way it was paid, in words
    money: Money | None = None  # the total as a number
    lines: tuple[ReceiptLine, ...]
    total: str


class InvoiceLine(Value):
    title: str
    amount: Money  # a discount is negative


class Invoice(Value):
    """A bill that the messenger itself collects, where it can (`Limits.invoices`). The lines add up to what is due."""

    kind: Literal["invoice"] = "invoice"
    title: str
    description: str
    payload: str  # comes back with the money; not shown
    lines: tuple[InvoiceLine, ...]
    pay: str  # title of the button
    total: str  # what is due in words, for channels that cannot collect it

    @property
    def due(self) -> Money:
        return total((line.amount for line in self.lines), self.lines[0].amount.currency)


class Ask(Value):
    """The channel's own way to ask for a phone, an e-mail or a location, where it has one."""

    kind: Literal["ask"] = "ask"
    what: Literal["phone", "email", "location"]
    title: str = ""


class OptInRequest(Value):
    """The platform's own question whether offers may come after its window is over; nothing where it has none."""

    kind: Literal["opt_in"] = "opt_in"
    title: str


Part = Annotated[
    TextPart | Choices | Cards | Image | Album | Link | Receipt | Invoice | Ask | OptInRequest,
    Field(discriminator="kind"),
]
Author = Literal["bot", "manager", "customer", "system"]


class Outbound(Value):
    """One answer, before it is fitted to a channel."""

    parts: tuple[Part, ...]
    author: Author = "bot"
    name: str = ""  # the manager's name, where a manager wrote it
    question: str = ""  # the words at its end that ask something


class Fitted(Value):
    """One platform call: parts that stay inside the channel's limits. `degraded` tells what had to be made plainer."""

    parts: tuple[Part, ...]
    author: Author = "bot"
    name: str = ""
    degraded: tuple[str, ...] = ()
    question: str = ""  # where this is the call that asks
    silent: bool = False  # wakes nobody, where the channel can do that
    edits: str | None = None  # platform id of an earlier message to change instead of sending (paging)

    def words(self) -> str:
        """All words a person sees, joined by line breaks: what conversation scripts look at."""
        said: list[str] = []
        for part in self.parts:
            match part:
                case TextPart(text=text):
                    said.append(text)
                case Choices(choices=choices):
                    said += [choice.title for choice in choices]
                case Cards(cards=cards):
                    for card in cards:
                        said += [card.title, card.subtitle, card.price, *(button.title for button in card.buttons)]
                case Image(alt=alt):
                    said.append(alt)
                case Album(images=images):
                    said += [image.alt for image in images]
                case Link(title=title, url=url):
                    said += [title, url]
                case Receipt(number=number, lines=lines, total=due):
                    said += [number, *(f"{line.title} {line.amount}" for line in lines), due]
                case Invoice(title=title, description=description, pay=pay, total=due):
                    said += [title, description, due, pay]
                case Ask(title=title) | OptInRequest(title=title):
                    said.append(title)
        return "\n".join(word for word in said if word)
