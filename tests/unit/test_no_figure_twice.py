"""Sentences of several figures, put together by chance in four languages: each is read once, by its own reader."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.acts import Wish
from bot.nlu.readers import _SOFT, Readers, ordinary_words
from bot.nlu.spelling import Spelling
from bot.nlu.text import fold, tokens
from bot.nlu.training import read_examples
from tests.unit.lumo_lexicon import LUMO
from tests.unit.test_nlu_understanding import DATA

EXAMPLES = read_examples(DATA / "intents.yml")
READERS = Readers(LUMO, ordinary_words(EXAMPLES), Spelling(EXAMPLES))


@dataclass(frozen=True)
class Piece:
    """Words that say one thing. `figure`: the digits that no other reader may have."""

    words: str
    kind: str
    value: str
    figure: str


_WORDS: dict[str, tuple[tuple[str, ...], ...]] = {  # in the order of `pieces`; several ways to say each
    "en": (
        ("{} candles", "x{} candles"), ("Gedimino street {}, Vilnius", "Gedimino street {}, 01103 Vilnius"),
        ("it cost {} euros", "it cost €{}"), ("order number {}", "order #{}"), ("promo code {}", "with {}"),
        ("by {} December", "before {}.12", "on the {}th of March"), ("my phone is {}", "call {}"), ("size {}",),
        (" and ",),
    ),
    "ru": (
        ("{} свечей", "{} шт свечей"), ("ул. Садовая {}, Вильнюс", "улица 9 Мая, дом {}, Вильнюс"),
        ("стоило {} евро", "стоило {}€"), ("заказ № {}", "заказ номер {}"), ("промокод {}", "есть код {}"),
        ("к {} декабря", "до {}.12", "до {} числа"), ("телефон {}", "тел. {}"), ("размер {}",), (" и ",),
    ),
    "uk": (
        ("{} свічок", "{} штук свічок"), ("вул. Франка {}, Вільнюс", "вул. 8 Березня {}, Вільнюс"),
        ("коштувало {} євро", "коштувало {}€"), ("замовлення № {}", "замовлення {}"), ("промокод {}", "є код {}"),
        ("до {} грудня", "до {}.12", "до {} числа"), ("телефон {}", "тел. {}"), ("розмір {}",), (" і ",),
    ),
    "es": (
        ("{} velas", "{} unidades de velas"), ("calle Mayor {}, Vilna", "calle 2 de Mayo {}, 01103 Vilna"),
        ("costó {} euros", "costó {}€"), ("pedido número {}", "pedido nº {}"), ("código {}", "tengo el {}"),
        ("para el {} de diciembre", "antes del {}.12", "el {} de marzo"),
        ("mi teléfono es {}", "tel. {}"), ("talla {}",),
        (" y ",),
    ),
}  # fmt: skip


@st.composite
def pieces(draw: st.DrawFn, which: int, locale: str) -> Piece:
    """One thing that a message may speak of."""
    said = draw(st.sampled_from(_WORDS[locale][which]))
    match which:
        case 0:
            n = str(draw(st.integers(2, 19)))
            return Piece(said.format(n), "wishes", n, n)
        case 1:
            n, more = str(draw(st.integers(1, 199))), draw(st.sampled_from(("", "A", "/4", "-12", "/10")))
            return Piece(said.format(n + more), "address", n + more, said.partition("{")[0] + n)
        case 2:
            n = str(draw(st.integers(20, 99)))
            return Piece(said.format(n), "amount", f"{n}.00", n)
        case 3:
            n = str(draw(st.integers(10_000, 99_999)))
            return Piece(said.format(n), "order_number", n, n)
        case 4:
            code = draw(st.sampled_from(("WELCOME10", "FLASH20")))
            return Piece(said.format(code), "codes", code, code)
        case 5:
            n = str(draw(st.integers(4, 28)))
            return Piece(said.format(n), "when", n.zfill(2) if "." in said else n, n)
        case 6:
            a, b, c = draw(st.integers(10, 99)), draw(st.integers(100, 999)), draw(st.integers(10, 99))
            shape = draw(st.sampled_from(("+3706{}{}{}", "+370 6{} {} {}", "86{}{}{}", "8 6{} {} {}", "8-6{}-{}-{}")))
            number = shape.format(a, b, c)
            return Piece(said.format(number), "phone", f"+3706{a}{b}{c}", number)
        case _:
            size = draw(st.sampled_from(("S", "M", "L")))
            return Piece(said.format(size), "attributes", f"size.{size}", size)


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, list[Piece]]:
    locale = draw(st.sampled_from(sorted(_WORDS)))
    chosen = draw(st.lists(st.sampled_from(range(8)), min_size=2, max_size=6, unique=True))
    told = [draw(pieces(which, locale)) for which in chosen]
    signs = st.sampled_from((", ", "; ", ". ", "\n", *_WORDS[locale][-1]))
    between = draw(st.lists(signs, min_size=len(told) - 1, max_size=len(told) - 1))
    return "".join(piece.words + sign for piece, sign in zip(told, [*between, ""], strict=True)), told


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sentences())
def test_no_reader_takes_a_figure_of_another(sentence: tuple[str, list[Piece]]) -> None:
    text, told = sentence
    folded = fold(text)
    mentions = [m for m in READERS.read(text, folded, tokens(text, folded)) if m.kind not in _SOFT | {"city"}]
    assert all(one.end <= other.start for one, other in pairwise(mentions)), (text, mentions)
    for piece in told:
        start = text.index(piece.words)
        own = [m for m in mentions if m.kind == piece.kind]
        assert len(own) == 1, (text, piece, mentions)
        assert start <= own[0].start < own[0].end <= start + len(piece.words), (text, piece, own)
        if piece.kind == "wishes":
            wish = Wish.model_validate_json(own[0].value)
            assert (wish.product, str(wish.quantity)) == ("CAN", piece.value), (text, wish)
        else:
            assert piece.value in own[0].value, (text, piece, own)
        at = text.index(piece.figure, start)
        taken = [m for m in mentions if m.start < at + len(piece.figure) and at < m.end]
        assert taken == own, (text, piece, taken)
