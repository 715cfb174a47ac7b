"""Commands that look and mend: doctor, graph, scripts of conversations, understanding, database, webhooks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli_base import AsJson, errors, group, print_json, run, settings, show
from base.errors import ShopkeeperError

if TYPE_CHECKING:
    from app.doctor import Finding

nlu = group("Understanding: try it out.")
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


def doctor(as_json: AsJson = False) -> None:
    """Look at everything the shop needs: one line for each, with the command that mends it."""
    from app.doctor import look

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
            home=chosen.home_folder,
            server_url=chosen.database_url.get_secret_value(),
        )
    )


# ---- understanding -------------------------------------------------------------------------------


@nlu.command("parse")
def parse(text: Annotated[str, typer.Argument(help="What a customer might write.")], as_json: AsJson = False) -> None:
    """Show what is understood: clauses, intents with confidence, and what was found in the words."""

    async def understand() -> dict[str, Any]:
        from app.understand import parse_here

        return (await parse_here(settings(), text)).model_dump(mode="json")

    parsed = run(understand())
    if as_json:
        print_json(parsed)
        return
    print(f"language {parsed['locale'] or '?'} {parsed['locale_confidence']:.2f}, {parsed['milliseconds']:.1f} ms")
    for clause in parsed["clauses"]:
        best = ", ".join(f"{intent} {confidence:.2f}" for intent, confidence in clause["ranking"][:3])
        print(f"“{clause['text']}”: {best}")
        for mention in clause["mentions"]:
            print(f"    {mention['kind']} = {mention['value']}")


@nlu.command("test")
def measure_intents(
    file: Annotated[Path | None, typer.Argument(help="Examples like intents.yml; none: held-out ones.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how often the intent is right on examples that were not learned."""
    from app.understand import measure

    with errors.status("Measuring"):
        rows = run(measure(settings(), file))
    show(
        rows,
        {"locale": "Language", "examples": "Examples", "right": "Right", "share": "Share"},
        as_json=as_json,
        empty="There was nothing to measure.",
    )


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
    """Tell the messenger where to send what customers write."""
    from app.webhooks import set_webhook

    print(run(set_webhook(settings(), name)))


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
