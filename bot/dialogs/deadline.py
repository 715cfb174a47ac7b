"""By when it must be there: only days that the shop promises are told, and what is not promised is said to be so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.dialogs.common import HUMAN, capital, delivery_button
from bot.state import Day, Lines, Sentence, State
from bot.steps import Effects, Offer, Remember, sentence, tell
from shop.commands import DeliveriesListed
from shop.views import DeliveryOption


def by_the_day(
    state: State, listed: DeliveriesListed, options: Sequence[DeliveryOption], day: date, part: str | None
) -> Effects:
    """What is sure to come by then, else what may, else the soonest; [] where nothing travels.

    `part`: of the day, which nobody promises. A person is offered where the answer is no plain yes, and finds the day
    in the summary.
    """
    parcels = [(one, one.first, one.last) for one in options if one.first and one.last]
    if not parcels:
        return []
    possible = [each for each in parcels if each[1] <= day]
    sure = [each for each in possible if each[2] <= day and (each[0].everywhere or listed.city)]
    soonest = min(last for _, _, last in parcels)
    told = sure or possible or [each for each in parcels if each[2] == soonest]
    key = "delivery.by_sure" if sure else "delivery.by_maybe" if possible else "delivery.by_no"
    buttons = () if state.stack else tuple(delivery_button(option) for option, _, _ in told)
    return [
        tell(key, day=Day(day=day), lines=Lines(lines=tuple(_line(*each) for each in told))),
        *([tell("delivery.no_hours")] if part and sure else []),
        Remember(needed=day),
        Offer(offered=buttons if sure and not part else (*buttons, HUMAN)),
    ]


def _line(option: DeliveryOption, first: date, last: date) -> Sentence:
    return sentence(
        "delivery.line_by",
        name=capital(option.name),
        price=option.effective,
        first=Day(day=first),
        last=Day(day=last),
        when="one" if first == last else "days",
    )
