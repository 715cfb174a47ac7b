"""A script that a seller wrote is read as written, and every mistake in it becomes one clear line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.talk_test.files import BrokenScript, read_scripts
from app.talk_test.grammar import Fact

EVERYTHING = """\
- case: two-of-them
  shop: lumo
  clock: 2026-11-24T12:00:00+02:00
  channel: instagram
  given:
    - customer: {name: Ana, locale: en, phone: "+37060000001", address: "Gedimino 5, Vilnius", consent: [marketing]}
    - cart: {MUG-white: 1}
    - order:
        lines: {CAN: 1}
        delivery: dhl
        promo: [WELCOME10]
        placed: 2026-11-20T10:00:00+02:00
        paid: true
        status: delivered
        delivered: 2026-11-22T10:00:00+02:00
    - stock: {THR: 1}
    - price: {THR: "42.00"}
    - promo_uses: {FLASH20: 50}
    - tracking: [created, {status: in_transit, at: 2026-11-23T08:00:00+02:00, place: Vilnius}]
    - hours: 10:00-12:00
    - approve_over: 10.00
    - shown: [MUG-white, CAN, PIL]
    - said: [hi, "2"]
  talk:
    - user: add a white mug
    - bot: {has: ["12.00", "/white|bl.ck/"], not: ["13.00"], key: cart.added}
    - user: [hi, black mug, 2]
    - tap: "Pay"
    - photo: broken.jpg
    - photo: [a.jpg, b.jpg]
    - location: {lat: 54.69, lon: 25.28}
    - voice: true
    - sticker: true
    - edit: {of: -1, to: "3 mugs"}
    - delete: {of: -1}
    - story: {shows: THR, user: "price?"}
    - wait: 31m
    - event: {payment: settled}
    - event: {shipment: delivered}
    - event: {stock: {MUG-blue: 5}}
    - manager: {take: Olga}
    - manager: {price: {THR: "42.00", reason: "old friend", until: 2026-11-24T23:59:00+02:00}}
    - manager: {promise: "free gift wrap"}
    - manager: {refund: approve}
    - manager: {release: resume}
    - other: {name: Bob, user: pay}
    - silence: true
  end: {cart: {MUG-white: 2}, orders: 0, owner: bot, locale: en, total: 24.00, stock: {THR: 1}, promo: [],
        consent: [marketing], returns: 0, tasks: 0}
"""


def read(tmp_path: Path, text: str) -> str:
    """The mistakes in a script, as they are told."""
    path = tmp_path / "talk.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenScript) as caught:
        read_scripts([path])
    return str(caught.value).replace(str(path), "talk.yml")


def test_every_word_of_the_grammar_is_read(tmp_path: Path) -> None:
    path = tmp_path / "all.yml"
    path.write_text(EVERYTHING, encoding="utf-8")
    (script,) = read_scripts([path])
    talk = script.case.talk
    assert [line.word for line in talk] == [
        "user", "bot", "user", "tap", "photo", "photo", "location", "voice", "sticker", "edit", "delete", "story",
        "wait", "event", "event", "event", "manager", "manager", "manager", "manager", "manager",
        "other", "silence",
    ]  # fmt: skip
    assert talk[2].user == ("hi", "black mug", "2")
    assert talk[12].wait == timedelta(minutes=31)
    assert talk[17].manager is not None
    assert talk[17].manager.price is not None
    assert talk[17].manager.price.prices == {"THR": "42.00"}
    assert script.case.end.total == "24.00"
    assert script.case.given[6].tracking is not None
    assert [scan.status for scan in script.case.given[6].tracking] == ["created", "in_transit"]
    assert script.talk_lines[0] == 25


def test_a_folder_stands_for_its_scripts(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text("- case: b\n  talk: [{user: hi}]\n")
    (tmp_path / "a.yml").write_text("- case: a\n  talk: [{user: hi}]\n")
    assert [script.name for script in read_scripts([tmp_path])] == ["a", "b"]


def test_words_that_look_like_something_else_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "words.yml"
    path.write_text("- case: words\n  talk:\n    - user: yes\n    - user: 2\n    - user: 12:30\n    - user: 9.50\n")
    (script,) = read_scripts([path])
    assert [line.user for line in script.case.talk] == [("yes",), ("2",), ("12:30",), ("9.50",)]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (
            "- case: one\n  talk:\n    - user: hi\n    - usr: hello\n",
            "talk.yml, line 4, case 'one': talk 2: 'usr' is not known here. Did you mean 'user'?",
        ),
        (
            "- case: one\n  talk:\n    - user: hi\n      bot: {has: [a]}\n",
            "talk.yml, line 3, case 'one': talk 1: one line is one of user, tap, photo, location, voice, sticker, edit,"
            " delete, story, bot, wait, event, manager, other, silence; this one says user and bot.",
        ),
        (
            "- case: one\n  talk:\n    - bot: {has: ['/(/']}\n",
            "talk.yml, line 3, case 'one': talk 1: bot.has: '/(/' is not a regular expression: missing ), unterminated"
            " subpattern at position 0.",
        ),
        (
            "- case: one\n  talk:\n    - wait: soon\n",
            "talk.yml, line 3, case 'one': talk 1: wait: 'soon' is not a length of time; write it like 31m, 2h or 3d.",
        ),
        (
            "- case: one\n  end: {orders: -1}\n  talk: [{user: hi}]\n",
            "talk.yml, line 2, case 'one': end.orders: must be greater than or equal to 0, not -1.",
        ),
        (
            "- case: one\n  end: {total: much}\n  talk: [{user: hi}]\n",
            "talk.yml, line 2, case 'one': end.total: 'much' is not a sum of money; write it like '24.00'.",
        ),
        (
            "- case: one\n  clock: 2026-11-24T12:00:00\n  talk: [{user: hi}]\n",
            "talk.yml, line 2, case 'one': clock: must have timezone info, not '2026-11-24T12:00:00'.",
        ),
        ("- talk: [{user: hi}]\n", "talk.yml, line 1, case number 1: case: is missing. Add it."),
        (
            "- case: one\n  talk: []\n",
            "talk.yml, line 1, case 'one': talk has no lines; write at least one `- user: …`.",
        ),
        (
            "- case: one\n  talk: [{user: hi}]\n- case: one\n  talk: [{user: hi}]\n",
            "talk.yml, line 3, case 'one': case: this name is taken by the case on line 1.",
        ),
        ("case: one\n", "talk.yml: a script is a list of cases. Begin with `- case: a-name`."),
        (
            "- case: one\n  talk: [{event: {payment: gone}}]\n",
            "talk.yml, line 2, case 'one': talk 1: event.payment: must be 'settled', 'declined' or 'expired',"
            " not 'gone'.",
        ),
        (
            "- case: one\n  talk: [{other: {user: hi}}]\n",
            "talk.yml, line 2, case 'one': talk 1: other.name: is missing. Add it.",
        ),
    ],
)
def test_a_mistake_is_one_line_with_file_case_and_line(tmp_path: Path, broken: str, told: str) -> None:
    assert read(tmp_path, broken) == told


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    told = read(tmp_path, "- case: one\n  talk: [{usr: hi}]\n- case: two\n  clok: now\n  talk: [{user: hi}]\n")
    assert [line.split(":")[0] for line in told.splitlines()] == [
        "talk.yml, line 2, case 'one'",
        "talk.yml, line 4, case 'two'",
    ]


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BrokenScript, match=r"gone\.yml is not there\. Name a file that exists\."):
        read_scripts([tmp_path / "gone.yml"])


def test_facts_are_substrings_or_patterns_and_case_never_matters() -> None:
    said = "Two Aurora mugs, white\n24.00 EUR"
    assert Fact("aurora MUGS").stands_in(said)
    assert Fact("/24[.,]00/").stands_in(said)
    assert not Fact("/white.24/").stands_in(said), "a dot stays on its line"
    assert not Fact("25.00").stands_in(said)
    assert Fact("/").stands_in("3/5"), "a lone slash is no expression"
