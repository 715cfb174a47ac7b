"""Commands that look and mend: doctor, graph, scripts of conversations, understanding, database, webhooks."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_base import AsJson, errors, group, plain, print_json, run, settings, show
from base.errors import ShopkeeperError

if TYPE_CHECKING:
    from app.doctor import Finding
    from app.parsed import Understood
    from app.unknown import Group

nlu = group("Understanding: try it, measure it, teach it.")
db = group("The database.")
webhook = group("Webhooks of the messengers.")


def add_to(cli: typer.Typer) -> None:
    """Put the commands of this room on the command line."""
    cli.command()(doctor)
    cli.command()(graph)
    cli.command("talk-test")(talk_test)
    cli.add_typer(nlu, name="nlu")
    cli.add_typer(db, name="db")
    cli.add_typer(webhook, name="webhook")


def doctor(
    as_json: AsJson = False,
    tell_owner: Annotated[
        bool, typer.Option(help="Send the owner a test of the alarms in Telegram, and no more.")
    ] = False,
) -> None:
    """Look at everything the shop needs: one line for each, with the command that mends it."""
    from app.doctor import look, tell_the_owner

    if tell_owner:
        print(run(tell_the_owner()))
        return
    found: list[Finding] = run(look())
    if as_json:
        print_json([{"state": one.state, "what": one.what, "line": one.line, "mend": one.mend} for one in found])
    else:
        signs = {"ok": "✓", "warn": "!", "down": "✗"}
        for one in found:
            print(f"{signs[one.state]} {one.what}: {one.line}" + (f"  → {one.mend}" if one.mend else ""))
    if any(one.state == "down" for one in found):
        raise typer.Exit(1)


def graph(
    dialog: Annotated[str, typer.Argument(help="A dialog such as checkout, or a state table such as order.")],
) -> None:
    """Draw a dialog or a table of states as a Mermaid diagram."""
    from app.graph import draw

    print(draw(dialog), end="")


def talk_test(
    files: Annotated[list[Path], typer.Argument(help="Conversation scripts (*.yml), or folders of them.")],
    channel: Annotated[str | None, typer.Option(help="Drive them through this channel.")] = None,
    repeat: Annotated[int, typer.Option(min=1, max=100, help="Play each case so often; all must pass.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Run conversation scripts on a fresh database, through the real turn path."""
    from app.talk_test.command import run as play

    chosen = settings(env="demo")
    raise typer.Exit(
        play(
            files,
            channel=channel,
            as_json=as_json,
            repeat=repeat,
            home=chosen.home_folder,
            server_url=chosen.database_url.get_secret_value(),
        )
    )


# ---- understanding -------------------------------------------------------------------------------


@nlu.command("parse")
def parse(text: Annotated[str, typer.Argument(help="What a customer might write.")], as_json: AsJson = False) -> None:
    """Show what is understood: intents with confidence, clauses, and what was found in the words."""

    async def understand() -> Understood:
        from app.understand import parse_here

        return await parse_here(settings(), text)

    found = run(understand())
    if as_json:
        print_json(found.rows())
        return
    print(f"{found.intent.name} {found.intent.confidence:.2f}", end="; ")
    print(f"language {found.language or '?'} {found.language_confidence:.2f}, {found.milliseconds:.1f} ms")
    for clause in found.clauses:
        best = ", ".join(f"{guess.name} {guess.confidence:.2f}" for guess in clause.ranking[:3])
        print(f"“{clause.text}”: {best}")
        for entity in clause.entities:
            print(f"    {entity.entity} = {entity.value}")


File = Annotated[Path | None, typer.Option(help="A .yml file in Rasa's format, or lines of text<TAB>intent.")]


@nlu.command("test")
def measure_intents(
    train: File = None,
    test: File = None,
    valid: Annotated[Path | None, typer.Option(help="Held-out examples that set the out-of-scope threshold.")] = None,
    oos: Annotated[Path | None, typer.Option(help="Messages out of scope, one a line.")] = None,
    as_json: AsJson = False,
) -> None:
    """Learn some examples and measure on others. Without files: the shop's own, every fifth held out."""
    from app.understand import measured

    with errors.status("Learning and measuring"):
        found = measured(settings(), train, test, valid, oos).rows()
    if as_json:
        print_json(found)
        return
    confused, by_language, not_learned = (found.pop(name) for name in ("confused", "by_language", "not_learned"))
    for name, value in found.items():
        print(f"{name.replace('_', ' '):16} {'-' if value is None else value}")
    assert isinstance(by_language, dict)
    assert isinstance(confused, tuple)
    assert isinstance(not_learned, tuple)
    for intent in not_learned:
        print(f"  {intent} is asked for, and not among what was learned")
    for language, share in by_language.items():
        print(f"  {language:14} {share:.1%}")
    for meant, taken, times in confused:
        print(f"  {meant} taken for {taken}: {times}")


@nlu.command("train")
def train_intents(
    data: Annotated[Path | None, typer.Option(help="Examples that replace data/intents.yml; none: those.")] = None,
) -> None:
    """Check the examples, learn them, and keep the model for the next start."""
    from app.learned import train

    with errors.status("Learning"):
        examples = train(settings(), data)
    print(f"Learned {len(examples)} examples. A running server takes them at its next start.")


@nlu.command("unknown")
def list_unknown(
    most: Annotated[int, typer.Option(min=1, help="How many groups.")] = 30, as_json: AsJson = False
) -> None:
    """List what customers said and nobody understood, alike ones together, the most frequent first."""

    async def look() -> list[Group]:
        from app.unknown import unknown

        return await unknown(settings(), most)

    groups = run(look())
    show(
        [{"times": one.times, "text": one.phrases[0], "others": one.others, "nearest": one.nearest} for one in groups],
        {"times": "Times", "text": "Said", "others": "And", "nearest": "Nearest intents"},
        as_json=as_json,
        empty="Everything was understood.",
    )
    if groups and not as_json:
        said, meant = groups[0].phrases[0], groups[0].nearest
        print(
            f"Teach one with: shopkeeper nlu learn {shlex.quote(plain(said))} --intent {meant[0] if meant else 'NAME'}"
        )


@nlu.command("learn")
def learn_one(
    text: Annotated[str, typer.Argument(help="What customers say.")],
    intent: Annotated[str, typer.Option(help="What they mean by it.")],
    language: Annotated[str | None, typer.Option(help="en, ru, uk or es; none: seen from the words.")] = None,
) -> None:
    """Add one example to data/intents.yml and learn it."""
    from app.understand import add_example

    with errors.status("Learning"):
        one = add_example(settings(), text, intent, language)
    print(f"Line {one.line}: {one.intent} ({one.language}). Learned; a running server takes it at its next start.")


# ---- database ------------------------------------------------------------------------------------


@db.command("upgrade")
def upgrade(as_json: AsJson = False) -> None:
    """Bring the database to the schema of this program."""
    from app import migrations
    from app.database import database_url

    before, after = migrations.upgrade(database_url(settings()))
    if as_json:
        print_json({"before": before, "after": after})
    elif before == after:
        print(f"The database has schema {after} already.")
    else:
        print(f"The database went from {before or 'nothing'} to schema {after}.")


@db.callback()
def _group() -> None:
    """Keeps `db upgrade` a command of two words."""


# ---- webhooks ------------------------------------------------------------------------------------

Name = Annotated[str, typer.Argument(help="telegram, facebook or instagram")]


@webhook.command("set")
def webhook_set(name: Name = "telegram") -> None:
    """Tell the messenger where to send what customers write, and what to show before they do."""
    from app.webhooks import set_webhook

    print(run(set_webhook(settings(), name)))


@webhook.command("remove")
def webhook_remove(name: Name = "telegram") -> None:
    """Tell the messenger to call nobody any more, so that its updates are fetched; those that wait are kept."""
    from app.webhooks import remove_webhook

    print(run(remove_webhook(settings(), name)))


@webhook.command("profile")
def webhook_profile(name: Name = "telegram") -> None:
    """Show greeting, menu, first questions or commands in every language; does nothing where they stand already."""
    from app.webhooks import set_profile

    print(run(set_profile(settings(), name)))


@webhook.command("check")
def webhook_check(name: Name = "telegram", as_json: AsJson = False) -> None:
    """Ask the messenger whether its calls arrive."""
    from app.webhooks import check_webhook

    health = run(check_webhook(settings(), name))
    if as_json:
        print(json.dumps({"state": health.state, "line": health.line, "mend": health.mend}, ensure_ascii=False))
    else:
        print(f"{health.line}" + (f"  → {health.mend}" if health.mend else ""))
    if health.state == "down":
        raise ShopkeeperError(f"{name}: {health.line}", health.mend)
