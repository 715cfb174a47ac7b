"""Understanding that needs nothing but this machine: readers, a linear classifier and the rules of interpret."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import structlog

from base.errors import ShopkeeperError
from bot.acts import Act, Heard
from bot.nlu import clauses
from bot.nlu.classifier import Classifier, LinearClassifier, digest
from bot.nlu.encoder import Encoder, Kept, Remembering, encoder_name, load_encoder
from bot.nlu.interpret import interpret
from bot.nlu.language import Languages
from bot.nlu.masking import mask, mask_example
from bot.nlu.readers import Readers, ordinary_words, plain_mentions
from bot.nlu.references import Catalogue
from bot.nlu.spelling import Spelling
from bot.nlu.text import fold, spelled, tidy, tokens
from bot.nlu.training import Example, read_examples
from bot.understanding import Clause, Context, Lexicon, Mention, Parsed

log = structlog.get_logger(__name__)

_NAMES = spelled("person address city codes order_number email phone link delivery near payment")
_CODE = (
    "classifier.py",
    "russian.py",
    "concepts.py",
    "dates.py",
    "homes.py",
    "daywords.py",
    "dense.py",
    "masking.py",
    "numbers.py",
    "contacts.py",
    "readers.py",
    "teaching.py",
    "text.py",
    "training.py",
)


class _Shop:
    """Everything made from one lexicon; swapped whole, so that a parse sees one shop."""

    def __init__(self, lexicon: Lexicon, ordinary: frozenset[str], spelling: Spelling, languages: Languages) -> None:
        self.lexicon = lexicon
        self.readers = Readers(lexicon, ordinary, spelling)
        self.catalogue = Catalogue(lexicon)
        self.languages = languages


class EmbeddedUnderstanding:
    """Implements bot.understanding.Understanding."""

    def __init__(self, classifier: Classifier, examples: Sequence[Example], spelling: Spelling, cache: Path) -> None:
        self._classifier = classifier
        self._examples = tuple(examples)
        self._ordinary = ordinary_words(self._examples)
        self._spelling = spelling
        self._learning = threading.Lock()
        self._cache = cache
        self._languages: dict[tuple[str, ...], Languages] = {}
        self._shop = self._made(Lexicon())

    @classmethod
    def load(cls, data: Path, cache: Path, encoder: str = "") -> EmbeddedUnderstanding:
        """Read `data/intents.yml`; take the model from `cache` or train it (some seconds) and keep it there.

        `encoder`: see encoder.load_encoder. Raises ShopkeeperError when the examples are missing or broken.
        """
        return cls.of_file(data / "intents.yml", cache, encoder)

    @classmethod
    def of_file(cls, path: Path, cache: Path, encoder: str = "") -> EmbeddedUnderstanding:
        """The same for a file of another name. Equal files have one model."""
        examples = read_examples(path)
        if len({one.intent for one in examples}) < 2:
            raise ShopkeeperError(f"{path}, line 1: there are less than two intents to tell apart.", "Write examples.")
        code = b"".join((Path(__file__).parent / name).read_bytes() for name in _CODE)
        stored = cache / f"intents-{digest(path.read_bytes(), code, encoder_name(encoder).encode())}.npz"
        loaded = load_encoder(encoder, cache)
        opinion = None if loaded is None else Remembering(loaded)
        model = LinearClassifier.load(stored, opinion)
        if model is None:
            vectors = cache / f"vectors-{digest(encoder_name(encoder).encode())}.npz"
            model = train(examples, opinion, opinion and Kept(opinion, vectors))
            try:
                model.save(stored)
            except OSError as error:  # a home that cannot be written: the next start learns again
                log.warning("the model is not kept", folder=str(cache), why=type(error).__name__)
        return cls(model, examples, spelling(examples, opinion), cache)

    @property
    def intents(self) -> frozenset[str]:
        """Names of all intents in the examples."""
        return frozenset(example.intent for example in self._examples)

    def learn(self, lexicon: Lexicon) -> None:
        """Take the shop's words of today."""
        with self._learning:
            shop = self._made(lexicon)
            shop.languages.load()
            self._shop = shop

    def _made(self, lexicon: Lexicon) -> _Shop:
        languages = self._languages.get(lexicon.locales) or Languages(self._examples, lexicon.locales, self._cache)
        self._languages = {lexicon.locales: languages}
        return _Shop(lexicon, self._ordinary, self._spelling, languages)

    def parse(self, text: str, *, prior: str | None = None) -> Parsed:
        """One message on its own; never raises, thread-safe, reads the first 2,000 characters."""
        began = time.perf_counter()
        shown = tidy(text)
        try:
            parsed = self._parse(shown, prior)
        except Exception:  # a customer's words must never stop a turn: the engine then asks again in other words
            log.exception("a message was not parsed")
            parsed = Parsed(text=shown)
        return parsed.model_copy(update={"milliseconds": round((time.perf_counter() - began) * 1000, 3)})

    def interpret(self, parsed: Sequence[Parsed], context: Context) -> Heard:
        """A turn in its context; never raises."""
        shop = self._shop
        try:
            return interpret(parsed, context, shop.catalogue, shop.lexicon.currency)
        except Exception:  # as in parse: told to the engine as something not understood
            log.exception("a message was not interpreted")
            text = "\n".join(message.text for message in parsed)
            return Heard(acts=(Act(intent="unknown", text=text, confidence=0.0, clear=False),), text=text)

    def _parse(self, text: str, prior: str | None) -> Parsed:
        shop = self._shop
        folded = fold(text)
        mentions = shop.readers.read(text, folded, tokens(text, folded), prior)
        places = clauses.split(text, mentions)
        found = tuple(self._clause(text, start, end, mentions) for start, end in places)
        spoken = _spoken(text, mentions)
        locale, sure = shop.languages.tell(spoken, prior=prior)
        return Parsed(text=text, locale=locale, locale_confidence=sure, clauses=found)

    def _clause(self, text: str, start: int, end: int, mentions: Sequence[Mention]) -> Clause:
        own = tuple(m for m in mentions if start <= m.start and m.end <= end)
        masked = self._spelling.mend(mask(text, own, start=start, end=end))
        if clauses.asks(text, start, end) and "?" not in masked and "?" in text[end : end + 2]:
            masked += " ?"
        judged = self._classifier.judge(masked)
        return Clause(
            text=text[start:end], start=start, end=end, ranking=judged.ranking, known=judged.known, mentions=own,
            question=clauses.asks(text, start, end),
        )  # fmt: skip


def train(examples: Sequence[Example], encoder: Encoder | None = None, kept: Encoder | None = None) -> LinearClassifier:
    """A classifier of these examples. `kept`: gives their vectors where another is quicker than `encoder`."""
    texts = [mask_example(example, plain_mentions(example.text)) for example in examples]
    from bot.nlu.teaching import teach

    return teach(texts, [one.intent for one in examples], encoder, kept)


def spelling(examples: Sequence[Example], encoder: Encoder | None) -> Spelling:
    """How the words of these examples are spelt, and those that the encoder knows beside them."""
    return Spelling(examples) if encoder is None else Spelling(examples, encoder.is_word)


def _spoken(text: str, mentions: Sequence[Mention]) -> str:
    """The message without names, codes and addresses: they belong to no language."""
    parts, last = [], 0
    for mention in mentions:
        if mention.kind in _NAMES and mention.start >= last and not (mention.kind == "person" and mention.score < 1):
            parts.append(text[last : mention.start])
            last = mention.end
    return " ".join([*parts, text[last:]])
