"""The examples that the shop understands by: today's when they can be learned, else the last ones that could."""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from uuid import uuid4

from app.settings import Settings
from base.errors import ShopkeeperError
from bot.dialogs import all_dialogs
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.faults import faults
from bot.nlu.training import ENTITIES, Example, read_examples
from bot.repair import REPAIRS
from shop.shopfile import load_shop

_TOLD = 5  # mistakes of a file that are told at once

log = logging.getLogger(__name__)


def understand(settings: Settings) -> EmbeddedUnderstanding:
    """The understanding of this shop; the first time, and after a change of its examples, this takes some seconds.

    Examples that cannot be learned are told in the log, and the last ones that could stand in. Raises ShopkeeperError
    where there are none.
    """
    own, last = own_examples(settings), last_examples(settings)
    try:
        found = _learn(settings, own)
    except ShopkeeperError as error:
        if not last.is_file():
            raise
        log.error("Not learned: %s The shop understands by the examples of %s.", error, learned_at(last))
        try:
            return _learn(settings, last)
        except ShopkeeperError:  # of another version of this program
            raise error from None
    _keep(own, last)
    return found


def own_examples(settings: Settings) -> Path:
    return settings.data_folder / "intents.yml"


def last_examples(settings: Settings) -> Path:
    """A copy of the examples that were learned last; there is none before the first time."""
    name = hashlib.sha256(str(own_examples(settings).resolve()).encode()).hexdigest()[:24]
    return settings.models_folder / f"last-{name}.yml"


def learned_at(last: Path) -> str:
    return datetime.fromtimestamp(last.stat().st_mtime).astimezone().strftime("%Y-%m-%d %H:%M")


def train(settings: Settings, file: Path | None) -> tuple[Example, ...]:
    """Check the examples of `file` (none: the shop's own), learn them, and keep the model for the next start.

    Another file takes the place of the shop's own. Raises ShopkeeperError with the mistakes and their lines; the old
    model and the old file stay.
    """
    own = own_examples(settings)
    if file is not None and file.resolve() != own.resolve():
        try:
            content = file.read_bytes()
        except OSError as error:
            raise ShopkeeperError(f"{file} cannot be read: {error.strerror}.", "Name a file of examples.") from None
        return replace(settings, content, named=file)
    examples = _checked(settings, own)
    _learn(settings, own)
    _keep(own, last_examples(settings))
    return examples


def replace(settings: Settings, content: bytes, *, named: Path) -> tuple[Example, ...]:
    """Learn other examples, and only then put them in the place of the shop's own, at once or not at all.

    `named`: the file that mistakes are told of. Raises ShopkeeperError; nothing is changed then.
    """
    own = own_examples(settings).resolve()
    draft = own.with_name(f".{uuid4().hex}.{own.name}")
    try:
        draft.write_bytes(content)
        examples = _checked(settings, draft)
        _learn(settings, draft)
        if own.exists():
            shutil.copymode(own, draft)
        draft.replace(own)
    except ShopkeeperError as error:
        raise ShopkeeperError(error.what.replace(str(draft), str(named)), error.mend) from None
    except OSError as error:
        raise ShopkeeperError(f"{own} cannot be written: {error.strerror}.", "Let the shop write there.") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    _keep(own, last_examples(settings))
    return examples


def mistakes(settings: Settings, examples: Sequence[Example]) -> list[str]:
    """What is wrong with the examples of this shop, a line for each mistake, with its line in the file."""
    try:
        languages = tuple(load_shop(settings.shop_folder / "shop.yml").languages)
    except (ShopkeeperError, OSError):  # told elsewhere
        languages = ()
    return [*unusable(examples), *faults(examples, entities=ENTITIES, languages=languages)]


def unusable(examples: Sequence[Example]) -> list[str]:
    """Why a shop cannot go by these examples at all, a line for each reason.

    An intent that no dialog handles would be understood and then met with a shrug.
    """
    registry = all_dialogs()
    handled = sorted({*registry.handlers, *registry.starts, *REPAIRS})
    first = {one.intent: one.line for one in reversed(examples) if one.intent not in handled}
    told = (
        [] if len({one.intent for one in examples}) > 1 else ["line 1: there are less than two intents to tell apart."]
    )
    for intent, line in sorted(first.items(), key=lambda item: item[1]):
        near = get_close_matches(intent, handled, n=1)
        mend = f"did you mean {near[0]!r}?" if near else "take it out, or add a dialog that starts on it."
        told.append(f"line {line}: no dialog handles the intent {intent!r}: {mend}")
    return told


def _checked(settings: Settings, path: Path) -> tuple[Example, ...]:
    examples = read_examples(path)
    if told := mistakes(settings, examples):
        more = f" And {len(told) - _TOLD} more." if len(told) > _TOLD else ""
        what = f"{path}: " + " ".join(told[:_TOLD]) + more
        raise ShopkeeperError(what, "Nothing was learned; the old model stays.")
    return examples


def _learn(settings: Settings, path: Path) -> EmbeddedUnderstanding:
    """The model of these examples, trained when there is none yet."""
    if told := unusable(read_examples(path)):
        raise ShopkeeperError(f"{path}: {told[0]}")
    return EmbeddedUnderstanding.of_file(path, settings.models_folder, settings.nlu.encoder)


def _keep(path: Path, last: Path) -> None:
    """For a day on which the examples are broken; a folder that cannot be written costs that."""
    draft = last.with_name(f".{last.name}.{uuid4().hex}")
    with suppress(OSError):
        if last.is_file() and last.read_bytes() == path.read_bytes():
            return
        last.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(path.read_bytes())
        draft.replace(last)
