"""faq.yml: answers in the customer's language, with figures from shop.yml and from nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from base.errors import ShopkeeperError
from shop.faq import load_faq
from shop.shopfile import ShopFile, load_shop

DATA = Path(__file__).parents[2] / "data"
FAQ = (DATA / "faq.yml").read_text(encoding="utf-8")
INTENTS = {
    f"faq_{name}"
    for name in (
        "delivery", "payment", "returns", "hours", "contact", "gift_wrap", "invoice", "warranty", "privacy",
        "wholesale",
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def lumo() -> ShopFile:
    return load_shop(DATA / "demo" / "shop.yml")


def test_returns_are_answered_from_the_policy_of_the_shop(lumo: ShopFile) -> None:
    answer = load_faq(DATA / "faq.yml", lumo).answer("faq_returns", "en")
    for fact in ("14 days", "unused", "you pay the postage", "Damaged", "free for you", "7 days"):
        assert fact in answer


def test_every_question_is_answered_in_four_languages_without_a_hole(lumo: ShopFile) -> None:
    faq = load_faq(DATA / "faq.yml", lumo)
    assert set(faq.intents) == INTENTS
    for intent in INTENTS:
        answers = {faq.answer(intent, locale) for locale in lumo.languages}
        assert len(answers) == 4
        assert not any("{" in answer or "None" in answer for answer in answers)
        assert max(len(answer.encode()) for answer in answers) < 1000


def test_deliveries_are_told_with_price_days_and_limits(lumo: ShopFile) -> None:
    assert load_faq(DATA / "faq.yml", lumo).answer("faq_delivery", "en") == (
        "We deliver with Boxberry pick-up point €3.50, 3–5 days; DHL courier €6.90, 2–3 days; city courier €4.00, "
        "the same day if paid before 15:00, else the next day (Kaunas only). The days count from payment."
    )


def test_a_changed_figure_changes_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "shop.yml"
    text = (DATA / "demo" / "shop.yml").read_text(encoding="utf-8")
    path.write_text(text.replace("days: 14 ", "days: 30 ").replace("price: 3.50", "price: 4.20"), encoding="utf-8")
    faq = load_faq(DATA / "faq.yml", load_shop(path))
    assert "30 days" in faq.answer("faq_returns", "en")
    assert "4,20 €" in faq.answer("faq_delivery", "ru")


def test_amounts_are_written_as_the_caller_writes_them(lumo: ShopFile) -> None:
    faq = load_faq(DATA / "faq.yml", lumo, money=lambda amount, locale: f"<{locale} {amount}>")
    assert "<es 100.00>" in faq.answer("faq_payment", "es")


def test_a_language_without_answers_gets_the_first_one(lumo: ShopFile) -> None:
    faq = load_faq(DATA / "faq.yml", lumo)
    assert faq.answer("faq_hours", "de") == faq.answer("faq_hours", "en")


def test_the_answers_suit_the_starter_too() -> None:
    faq = load_faq(DATA / "faq.yml", load_shop(DATA / "shop.yml"))
    assert "courier €5.00, 1–3 days" in faq.answer("faq_delivery", "en")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("within {returns_days} days", "within 14 days",
         "answers.faq_returns.en: the figure 14 is written out. "
         "Put it into shop.yml and write a variable such as {returns_days}."),
        ("{claim_days} days, with", "{claim_day} days, with",
         "answers.faq_returns.en: {claim_day} is no figure "
         "of shop.yml. Did you mean 'claim_days'?"),
        ("{email}. Or", "{email. Or", "answers.faq_contact.en: a brace is not closed. "
         "Write a variable like {returns_days}."),
        ("answers:", "answer:", "answer: this is not known here. Did you mean 'answers'?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_in_one_line(tmp_path: Path, lumo: ShopFile, right: str, wrong: str, told: str) -> None:
    assert right in FAQ
    path = tmp_path / "faq.yml"
    path.write_text(FAQ.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(ShopkeeperError) as failure:
        load_faq(path, lumo)
    assert re.sub(r", line \d+", "", str(failure.value)) == f"{path}{'' if told.startswith(':') else ', '}{told}"


def test_a_question_without_an_answer_is_an_error_that_names_the_nearest(lumo: ShopFile) -> None:
    with pytest.raises(ShopkeeperError, match=r"no answer for 'faq_return'\. Did you mean 'faq_returns'\?"):
        load_faq(DATA / "faq.yml", lumo).answer("faq_return", "en")
