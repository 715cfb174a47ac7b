"""Every command of the shop has somebody who answers it, every intent of the examples somebody who handles it."""

from __future__ import annotations

from pathlib import Path

import shop.handlers as door
from bot.dialogs import all_dialogs
from bot.nlu.training import read_examples
from bot.repair import REPAIRS
from shop.commands import AskPolicy, Command

DATA = Path(__file__).resolve().parents[2] / "data"


def test_every_command_has_a_handler() -> None:
    door._open_rooms()
    answered = {*door._HANDLERS, AskPolicy}  # questions of policy are answered by bot.world
    ours = {command for command in Command.__subclasses__() if command.__module__.startswith("shop.commands.")}
    assert ours <= answered, "is its module in ROOMS of shop/handlers.py?"


def test_every_intent_is_handled() -> None:
    registry = all_dialogs()
    handled = {*registry.handlers, *registry.starts, *REPAIRS}
    assert {example.intent for example in read_examples(DATA / "intents.yml")} <= handled
