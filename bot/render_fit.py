"""Fits one answer to a channel's limits. Pure; each Fitted is one platform call, the choices under the last one.

What a channel lacks becomes words: choices and cards are numbered, and `by_number` tells what each number means, the
same on every channel, so that a typed "2" is understood even where buttons are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from base.errors import Refused
from bot.channel import Limits
from bot.messages import (
    Album,
    Ask,
    Card,
    Cards,
    Choice,
    Choices,
    Fitted,
    Image,
    Invoice,
    Link,
    OptInRequest,
    Outbound,
    Part,
    Receipt,
    TextPart,
)
from bot.render_split import measure, shorten, split

Block = (
    str | Image | Album | Cards | Receipt | Invoice | OptInRequest
)  # what a call is built of, in the order of the answer; `str` is words


def by_number(message: Outbound) -> tuple[Choice, ...]:
    """What a typed number means: number n is the n-th entry.

    One card alone: its buttons, then the choices. Several cards: the first button of each (an empty payload where a
    card has none, so that the places stay), then the choices.
    """
    cards, choices = _cards_of(message), _choices_of(message)
    if len(cards) == 1:
        return (*cards[0].buttons, *choices)
    firsts = (card.buttons[0] if card.buttons else Choice(title=card.title, payload="") for card in cards)
    return (*firsts, *choices)


def fit(message: Outbound, limits: Limits) -> tuple[Fitted, ...]:
    """The calls that say `message` on a channel with `limits`; empty only when there is nothing to say."""
    draft = _Draft(limits)
    draft.keep_buttons(message)
    for part in message.parts:
        draft.take(part)
    draft.number_hidden_choices()
    calls = _pack(draft.blocks, limits)
    controls = draft.controls()
    if controls and not calls:
        calls = _pack(["\n".join(_lines_for(controls))], limits)
    if not calls:
        return ()
    if draft.links and _is_too_long_for_links(calls[-1], limits):
        return fit(message, replace(limits, links_as_buttons=False))
    if any(isinstance(block, str) and measure(block, limits.text_unit) > limits.text for block in draft.blocks):
        draft.notes.append("text: split")
    if limits.mixed:
        calls = _in_one_call(calls, limits)
    if controls and isinstance(calls[-1][-1], Album):  # nothing stands under an album
        calls += _pack(["\n".join(_lines_for(controls))], limits)
    calls[-1].extend(controls)
    asks = {"degraded": tuple(dict.fromkeys(draft.notes)), "question": message.question}
    fitted = [Fitted(parts=tuple(parts), author=message.author, name=message.name) for parts in calls]
    return (*fitted[:-1], fitted[-1].model_copy(update=asks))


def must_fit(message: Fitted, limits: Limits) -> None:
    """Raise Refused for a call outside the limits: every adapter asks this before it touches the network."""
    words = "\n\n".join(part.text for part in message.parts if isinstance(part, TextPart))
    pictured = any(isinstance(part, Image) for part in message.parts)
    longest = min(limits.caption, limits.text) if pictured else limits.text
    if measure(words, limits.text_unit) > longest:
        raise Refused(f"The text is longer than {longest} {limits.text_unit}.")
    cards = [card for part in message.parts if isinstance(part, Cards) for card in part.cards]
    if len(cards) > limits.cards:
        raise Refused(f"One call shows at most {limits.cards} cards, not {len(cards)}.")
    widest = max((len(part.images) for part in message.parts if isinstance(part, Album)), default=0)
    if widest > limits.album:
        raise Refused(f"One call shows at most {limits.album} pictures, not {widest}.")
    under = [choice for part in message.parts if isinstance(part, Choices) for choice in part.choices]
    if len(under) > limits.buttons:
        raise Refused(f"One call shows at most {limits.buttons} buttons, not {len(under)}.")
    for choice in (*under, *(button for card in cards for button in card.buttons)):
        if not 0 < len(choice.payload.encode()) <= limits.payload:
            raise Refused(f"The payload of button {choice.title!r} is not between 1 and {limits.payload} bytes.")
        if not choice.title.strip():
            raise Refused("A button has no title.")


# ---- making plainer ------------------------------------------------------------------------------


@dataclass
class _Draft:
    """One answer on its way: words and pictures in order, and the controls that go under the last call."""

    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    links_kept: list[Link] = field(default_factory=list)  # the same as they came, with their full titles
    asks: list[Ask] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    buttons: list[Choice] = field(default_factory=list)
    card_count: int = 0
    on_cards: frozenset[str | None] = frozenset()  # pictures that cards show
    shown_extras: bool = False  # second and third buttons of numbered cards are shown too
    shown_firsts: int = 0  # how many numbered cards keep their first button
    numbered: tuple[tuple[int, str], ...] = ()  # choices that must be written out: number, title
    said: int = 0  # cards written so far

    def keep_buttons(self, message: Outbound) -> None:
        """Decide once, for the whole answer, which buttons can be shown and which become numbered words."""
        limits = self.limits
        cards = _cards_of(message)
        self.card_count, self.on_cards = len(cards), frozenset(card.image for card in cards)
        self.links = self._keep_links([part for part in message.parts if isinstance(part, Link)])
        room = max(limits.buttons - len(self.links), 0)
        plain = _choices_of(message)
        first_number = len(by_number(message)) - len(plain) + 1
        listed: tuple[Card, ...] = ()
        if not limits.cards and len(cards) == 1:
            plain, first_number = (*cards[0].buttons, *plain), 1
        elif not limits.cards:
            listed = cards
        self._keep_card_buttons(listed, room, len(plain))
        taken = len(self.buttons)
        self.buttons += self._keep_choices(plain, first_number, room - taken)

    def take(self, part: Part) -> None:
        """Add one part of the answer, plainer where the channel lacks its kind."""
        limits = self.limits
        match part:
            case TextPart(text=text):
                self._say(text)
            case Cards(cards=cards):
                self._take_cards(cards)
            case Image() if limits.images:
                self.blocks.append(part)
            case Image(url=url, alt=alt):
                self.notes.append("image: text")
                address = url if url.startswith(("http://", "https://")) else ""
                self._say(": ".join(word for word in (alt, address) if word))
            case Album(images=images) if limits.cards and {image.url for image in images} <= self.on_cards:
                pass  # each stands on its own card
            case Album(images=images) if limits.images and limits.album > 1:
                for start in range(0, len(images), limits.album):
                    some = images[start : start + limits.album]
                    self.blocks.append(Album(images=some) if len(some) > 1 else some[0])
            case Album(images=images):
                self.notes.append("album: one by one")
                for image in images:
                    self.take(image)
            case Link() if part not in self.links_kept:
                self.notes.append("link: text")
                self._say(f"{part.title}: {part.url}" if part.title else part.url)
            case OptInRequest():
                if limits.opt_in:
                    self.blocks.insert(0, part)  # buttons stand under the last message alone
            case Receipt() if limits.receipts:
                self.blocks.append(part)
            case Receipt():
                self.notes.append("receipt: text")
                self._say("\n".join(receipt_lines(part)))
            case Invoice() if limits.invoices:
                self.blocks.append(part)
            case Invoice(title=title, description=description, total=due):
                self.notes.append("invoice: text")
                self._say("\n".join((title, description, due)))
            case Ask(what=what) if what in limits.asks:
                if all(asked.what != what for asked in self.asks):  # one button for one thing
                    self.asks.append(part)
            case Ask(what=what, title=title):
                self.notes.append(f"ask {what}: typed")
                if not self.blocks:  # with other words the title is only the label of a missing button
                    self._say(title)
            case _:
                pass  # links that are buttons, and choices: kept already

    def number_hidden_choices(self) -> None:
        """Write the choices that have no button of their own under the words."""
        if self.numbered:
            self._say("\n".join(f"{number}. {title}".rstrip() for number, title in self.numbered))

    def controls(self) -> list[Part]:
        """What goes under the last call."""
        choices: list[Part] = [Choices(choices=tuple(self.buttons))] if self.buttons else []
        return [*self.links, *choices, *self.asks]

    def _say(self, words: str) -> None:
        if words.strip():
            self.blocks.append(words.strip())

    def _keep_links(self, links: Sequence[Link]) -> list[Link]:
        limits = self.limits
        if not limits.links_as_buttons:
            return []
        kept = [link for link in links if link.title.strip()][: limits.links or limits.buttons or None]
        titles = [shorten(link.title, limits.button_title) for link in kept]
        if len(set(titles)) < len({link.title for link in kept}):
            return []
        if any(title != link.title.strip() for title, link in zip(titles, kept, strict=True)):
            self.notes.append("title: shortened")
        self.links_kept = kept
        return [link.model_copy(update={"title": title}) for title, link in zip(titles, kept, strict=True)]

    def _keep_choices(self, choices: Sequence[Choice], first_number: int, room: int) -> list[Choice]:
        """Buttons for `choices`; when not every one can be told apart and shown, all are numbered in the words."""
        limits = self.limits
        if not choices:
            return []
        titles = [shorten(choice.title, limits.button_title) for choice in choices]
        cut = any(title != choice.title.strip() for title, choice in zip(titles, choices, strict=True))
        clear = all(titles) and (not cut or len(set(titles)) == len(titles))
        if clear and len(choices) <= room and all(self._can_carry(choice) for choice in choices):
            if cut:
                self.notes.append("title: shortened")
            if limits.unseen_by_some:
                self._write_out(choices, first_number)
            return [Choice(title=title, payload=c.payload) for title, c in zip(titles, choices, strict=True)]
        self._write_out(choices, first_number)
        shown = [
            Choice(title=self._numbered_title(first_number + place, choice.title), payload=choice.payload)
            for place, choice in enumerate(choices)
            if self._can_carry(choice)
        ]
        return shown[: max(room, 0)]

    def _write_out(self, choices: Sequence[Choice], first_number: int) -> None:
        self.notes.append("choices: numbered text")
        self.numbered = tuple((first_number + place, choice.title.strip()) for place, choice in enumerate(choices))

    def _keep_card_buttons(self, cards: Sequence[Card], room: int, plain: int) -> None:
        """Buttons of cards that are written as a numbered list; what finds no room is named in the list."""
        firsts = sum(bool(card.buttons) for card in cards)
        every = [button for card in cards for button in card.buttons]
        carried = all(self._can_carry(button) for button in every)
        self.shown_extras = carried and len(every) + plain <= room
        self.shown_firsts = len(cards) if self.shown_extras or (carried and firsts + plain <= room) else 0
        if cards and carried and not self.shown_firsts and room > plain:
            self.shown_firsts = room - plain
        for number, card in enumerate(cards[: self.shown_firsts], start=1):
            for button in card.buttons if self.shown_extras else card.buttons[:1]:
                title = self._numbered_title(number, button.title)
                self.buttons.append(Choice(title=title, payload=button.payload))

    def _take_cards(self, cards: tuple[Card, ...]) -> None:
        limits = self.limits
        if limits.cards:
            if limits.unseen_by_some:
                self._list_cards(cards)
            shown = [self._native_card(card) for card in cards]
            for start in range(0, len(shown), limits.cards):
                self.blocks.append(Cards(cards=tuple(shown[start : start + limits.cards])))
            return
        self.notes.append("cards: text")
        if self.card_count == 1:
            (card,) = cards
            if card.image and limits.images:
                self.blocks.append(Image(url=card.image, alt=""))
            self._say(_card_words(card))
            return
        self._list_cards(cards)

    def _list_cards(self, cards: tuple[Card, ...]) -> None:
        if self.card_count == 1:  # its buttons have the first numbers
            buttons = [f"{place}. {button.title}" for place, button in enumerate(cards[0].buttons, start=1)]
            self._say("\n".join([_card_words(cards[0]), *buttons]))
            return
        lines = []
        for card in cards:
            self.said += 1
            hidden = " ".join(f"[{button.title}]" for button in self._without_words(card))
            lines.append(f"{self.said}. " + "\n".join(line for line in (_card_words(card), hidden) if line))
        self._say("\n".join(lines))

    def _without_words(self, card: Card) -> Iterable[Choice]:
        """Buttons of the card being written that are not shown, or shown as a bare number: the list names them."""
        shown = 0
        if self.said <= self.shown_firsts:
            shown = len(card.buttons) if self.shown_extras else 1
        for place, button in enumerate(card.buttons):
            bare = self._numbered_title(self.said, button.title) == str(self.said)
            if button.title.strip() and (place >= shown or bare):
                yield button

    def _native_card(self, card: Card) -> Card:
        """A card inside the limits. What does not fit on it is said in full before the cards."""
        limits = self.limits
        title = shorten(card.title, limits.card_title)
        room = max(limits.card_title - (len(card.price) + 3 if card.price else 0), 1)
        subtitle = shorten(card.subtitle, room)
        carried = [button for button in card.buttons if self._can_carry(button)][: limits.card_buttons]
        named = [button.title for button in card.buttons if button not in carried]
        titles = [shorten(button.title, limits.button_title) for button in carried]
        if len(set(titles)) < len(carried):
            titles = [self._numbered_title(place, button.title) for place, button in enumerate(carried, start=1)]
            named += [button.title for button in carried]
        if named or (title, subtitle) != (card.title.strip(), card.subtitle.strip()):
            self.notes.append("card: shortened")
            hidden = " ".join(f"[{name}]" for name in named)
            self._say("\n".join(line for line in (card.title, card.subtitle, hidden) if line))
        buttons = tuple(Choice(title=t, payload=b.payload) for t, b in zip(titles, carried, strict=True))
        image = card.image if limits.images else None
        return card.model_copy(update={"title": title, "subtitle": subtitle, "buttons": buttons, "image": image})

    def _can_carry(self, choice: Choice) -> bool:
        return 0 < len(choice.payload.encode()) <= self.limits.payload

    def _numbered_title(self, number: int, title: str) -> str:
        """A button title that begins with its number, or is only the number where the title has no room."""
        longest = self.limits.button_title
        if longest < len(f"{number}. ") + 2 or not title.strip():
            return str(number)
        return shorten(f"{number}. {title.strip()}", longest)


# ---- packing into calls --------------------------------------------------------------------------


def _pack(blocks: Iterable[Block], limits: Limits) -> list[list[Part]]:
    """As few calls as possible: neighbouring words in one, a picture with the words beside it."""
    queue = _joined(blocks)
    calls: list[list[Part]] = []
    while queue:
        before = _take_words(queue)
        if not queue or not isinstance(queue[0], Image):
            calls += _text_calls(before, limits)
            if queue and not isinstance(queue[0], str):
                calls.append([queue[0]])
                del queue[0]
            continue
        picture = queue[0]
        del queue[0]
        after = _take_words(queue)
        together = "\n\n".join(words for words in (before, after) if words)
        if _fits_beside(together, limits):
            before, caption, after = "", together, ""
        elif _fits_beside(after, limits):
            caption, after = after, ""
        elif _fits_beside(before, limits):
            before, caption = "", before
        else:
            caption = ""
        calls += _text_calls(before, limits)
        calls.append([picture, TextPart(text=caption)] if caption else [picture])
        if after:  # may still become the caption of the next picture
            queue.insert(0, after)
    return calls


def _in_one_call(calls: list[list[Part]], limits: Limits) -> list[list[Part]]:
    """Everything in one call, where the channel can and its limits for words and cards allow it."""
    parts = [part for call in calls for part in call]
    words = "\n".join(part.text for part in parts if isinstance(part, TextPart))
    cards = sum(len(part.cards) for part in parts if isinstance(part, Cards))
    longest = limits.caption if any(isinstance(part, Image) for part in parts) else limits.text
    fits = measure(words, limits.text_unit) <= min(longest, limits.text) and cards <= limits.cards
    return [parts] if fits else calls


def _take_words(queue: list[Block]) -> str:
    """The words at the head of the queue, taken out of it; nothing where something else stands there."""
    if not queue or not isinstance(queue[0], str):
        return ""
    words = queue[0]
    del queue[0]
    return words


def _fits_beside(words: str, limits: Limits) -> bool:
    return bool(words) and measure(words, limits.text_unit) <= min(limits.caption, limits.text)


def _text_calls(words: str, limits: Limits) -> list[list[Part]]:
    return [[TextPart(text=piece)] for piece in split(words, limits.text, limits.text_unit)]


def _joined(blocks: Iterable[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        if joined and isinstance(block, str) and isinstance(joined[-1], str):
            joined[-1] = f"{joined[-1]}\n\n{block}"
        else:
            joined.append(block)
    return joined


def _is_too_long_for_links(call: Sequence[Part], limits: Limits) -> bool:
    """Whether the words under which the links would stand are longer than a channel shows above buttons."""
    longest = max((len(part.text) for part in call if isinstance(part, TextPart)), default=0)
    return bool(limits.link_text) and longest > limits.link_text


def _lines_for(controls: Iterable[Part]) -> Iterable[str]:
    """Words for an answer that has none, since no messenger sends bare buttons."""
    for control in controls:
        match control:
            case Link(title=title) | Ask(title=title):
                yield title
            case Choices(choices=choices):
                yield from (choice.title for choice in choices)
            case _:
                pass


# ---- words of the richer parts -------------------------------------------------------------------


def _card_words(card: Card) -> str:
    head = " — ".join(word for word in (card.title.strip(), card.price.strip()) if word)
    return "\n".join(line for line in (head, card.subtitle.strip()) if line)


def receipt_lines(receipt: Receipt) -> Iterable[str]:
    if receipt.number:
        yield receipt.number
    for line in receipt.lines:
        yield f"{line.title} — {line.amount}"
    yield receipt.total if receipt.total[:1].isalpha() else f"= {receipt.total}"


def _cards_of(message: Outbound) -> tuple[Card, ...]:
    return tuple(card for part in message.parts if isinstance(part, Cards) for card in part.cards)


def _choices_of(message: Outbound) -> tuple[Choice, ...]:
    return tuple(choice for part in message.parts if isinstance(part, Choices) for choice in part.choices)
