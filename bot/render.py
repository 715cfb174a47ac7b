"""From what a turn wants said to one neutral answer: words, cards, and buttons with their meaning. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from base.money import Money, total
from bot.messages import (
    Album,
    Card,
    Cards,
    Choice,
    Choices,
    Image,
    Invoice,
    InvoiceLine,
    Link,
    OptInRequest,
    Outbound,
    Part,
    Receipt,
    ReceiptLine,
    TextPart,
)
from bot.messages import Ask as AskPart
from bot.render_fit import by_number
from bot.state import CardSpec, OfferSpec, Sentence, State, TapTarget
from bot.steps import Ask, Effect, InvoiceSpec, Offer, ReceiptSpec, Say
from bot.texts import Texts
from bot.understanding import Offered

KEEP_TAPS = 48  # buttons of older messages that still work


def compose(state: State, effects: Sequence[Effect], texts: Texts, *, bound_to: str | None) -> Outbound | None:
    """One answer of all that a turn says, question last. Buttons get payloads, remembered in `state.taps`.

    `bound_to`: id of the question that the last choices belong to. None when there is nothing to say.
    """
    locale = state.locale
    parts: list[Part] = []
    words: list[str] = []
    said: list[Sentence] = []
    offered: list[tuple[OfferSpec, str | None]] = []
    native: AskPart | None = None
    question = ""

    def flush() -> None:
        if words:
            parts.append(TextPart(text="\n\n".join(words)))
            words.clear()

    for effect in effects:
        match effect:
            case Say():
                if effect.album:
                    flush()
                    parts.append(Album(images=tuple(Image(url=url, alt=alt) for url, alt in effect.album)))
                sentence = texts.say(effect.sentence, locale)
                if sentence and sentence not in words:
                    words.append(sentence)
                    said.append(effect.sentence)
                if effect.cards:
                    flush()
                    parts.append(Cards(cards=tuple(_card(state, card, texts) for card in effect.cards)))
                if effect.receipt:
                    flush()
                    parts.append(_receipt(effect.receipt, texts, locale))
                if effect.opt_in:
                    flush()
                    parts.append(OptInRequest(title=texts.say(effect.opt_in, locale)))
                if effect.invoice:
                    flush()
                    parts.append(_invoice(effect.invoice, texts, locale))
                if effect.link:
                    flush()
                    parts.append(Link(title=texts.say(effect.link[0], locale), url=effect.link[1]))
            case Ask():
                question = texts.say(effect.sentence, locale)
                words.append(question)
                said.append(effect.sentence)
                offered = [(spec, bound_to) for spec in effect.offered]
                if effect.native:
                    native = AskPart(what=effect.native, title=texts.say(Sentence(key=f"ask.{effect.native}"), locale))
            case Offer():
                offered += [(spec, None) for spec in effect.offered]
    flush()
    if native:
        parts.append(native)
    if offered:
        choices = tuple(_choice(state, spec, texts, question) for spec, question in offered)
        parts.append(Choices(choices=choices))
    if not parts:
        return None
    author = "system" if any(isinstance(e, Say) and e.author == "system" for e in effects) else "bot"
    answer = Outbound(parts=tuple(parts), author=author, question=question)
    state.last = tuple(said)[-4:]
    _remember_titles(state, answer, asks=any(isinstance(effect, Ask) for effect in effects))
    state.taps = dict(list(state.taps.items())[-KEEP_TAPS:])
    return answer


def _receipt(spec: ReceiptSpec, texts: Texts, locale: str) -> Receipt:
    lines = tuple(
        ReceiptLine(
            title=_title(title, texts, locale),
            money=amount,
            amount=texts.money(amount, locale),
        )
        for title, amount in spec.lines
    )
    return Receipt(
        number=spec.number, recipient=spec.recipient, payment=spec.payment, money=spec.total, lines=lines,
        total=texts.money(spec.total, locale),
    )  # fmt: skip


def _title(title: str | Sentence, texts: Texts, locale: str) -> str:
    return title if isinstance(title, str) else texts.say(title, locale)


def _invoice(spec: InvoiceSpec, texts: Texts, locale: str) -> Invoice:
    """One line for all where the single ones do not add up to what is due."""
    title = texts.say(spec.title, locale)
    lines = tuple(InvoiceLine(title=_title(name, texts, locale), amount=amount) for name, amount in spec.lines)
    if not lines or total((line.amount for line in lines), spec.total.currency) != spec.total:
        lines = (InvoiceLine(title=title, amount=spec.total),)
    return Invoice(
        title=title,
        description=spec.description,
        payload=spec.payload,
        lines=lines,
        pay=texts.say(Sentence(key="button.pay_now"), locale),
        total=texts.money(spec.total, locale),
    )


def _choice(state: State, spec: OfferSpec, texts: Texts, question: str | None) -> Choice:
    state.serial += 1
    payload = f"t{state.serial}"
    title = texts.say(spec.title, state.locale) if spec.title else spec.name
    act = spec.act
    state.taps[payload] = TapTarget(
        act=act, question=question if spec.answer or act.intent == "inform" else None, title=title, price=spec.price
    )
    return Choice(title=title, payload=payload)


def _card(state: State, card: CardSpec, texts: Texts) -> Card:
    locale = state.locale
    price = card.price
    return Card(
        title=card.title,
        subtitle=texts.say(card.subtitle, locale) if isinstance(card.subtitle, Sentence) else card.subtitle,
        image=card.image,
        price=texts.money(price, locale) if isinstance(price, Money) else texts.say(price, locale) if price else "",
        buttons=tuple(_choice(state, spec, texts, None) for spec in card.offered),
    )


def _remember_titles(state: State, answer: Outbound, *, asks: bool) -> None:
    """What a typed number or a typed title means from now on: the same numbering that plain channels show."""
    yes_no = {}
    if state.question and asks:
        yes_no = {id_: spec.answer for spec in state.question.specs if (id_ := spec.act.model_dump_json())}
    numbered = []
    for choice in by_number(answer):
        target = state.taps.get(choice.payload)
        if target is not None:
            answer_word = yes_no.get(target.act.model_dump_json())
            numbered.append(Offered(title=choice.title, act=target.act, answer=answer_word, price=target.price))
    state.numbered = tuple(numbered)
