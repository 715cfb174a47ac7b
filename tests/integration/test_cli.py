"""The command line: help at once, mistakes in one line, JSON for programs, and never a traceback."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from app import cli
from base.errors import ShopkeeperError
from shop.history import raise_task
from tests.integration.open_shop import HOME, open_shop
from tests.integration.server_process import FORKS, run_command
from tests.integration.test_ops import talk

ROOT = Path(__file__).resolve().parents[2]


class Shopkeeper:
    """Runs commands as a person would, on the test's own database."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SHOPKEEPER_")},
            "SHOPKEEPER_HOME": str(HOME),
            "SHOPKEEPER_DATABASE_URL": url,
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "200",
        }

    def __call__(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """A process of its own; a fork of one that has imported everything, where no setting is the interpreter's."""
        if not all(name.startswith("SHOPKEEPER_") for name in environment):
            return self._cold(words, environment)
        out, err = (self.folder / f".{uuid.uuid4().hex}" for _ in range(2))
        given = {name: value for name, value in self.environment.items() if name.startswith("SHOPKEEPER_")}
        forked = FORKS.Process(
            target=run_command, args=(words, {**given, "COLUMNS": "200", **environment}, out, False, err)
        )
        forked.start()
        forked.join(120)
        assert forked.exitcode is not None, "still running after two minutes"
        done = subprocess.CompletedProcess(words, forked.exitcode, out.read_text("utf-8"), err.read_text("utf-8"))
        out.unlink()
        err.unlink()
        return done

    def _cold(self, words: Sequence[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *words],
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def read(self, *words: str) -> object:
        """The JSON that a command prints."""
        done = self(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def shopkeeper(tmp_path: Path, database_url: str) -> Shopkeeper:
    return Shopkeeper(tmp_path, database_url)


def refused(done: subprocess.CompletedProcess[str], line: str, code: int = 1) -> None:
    """The command ended with this code and said one line that contains `line`."""
    assert done.returncode == code, (done.stdout, done.stderr)
    assert line in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr


# ---- mistakes are told ---------------------------------------------------------------------------


def test_help_comes_before_anything_heavy_is_imported() -> None:
    heavy = (
        "sqlalchemy",
        "sqlmodel",
        "sklearn",
        "numpy",
        "aiohttp",
        "psycopg",
        "alembic",
        "aiogram",
        "pydantic",
        "procrastinate",
    )
    code = f"import sys, app.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_has_help(shopkeeper: Shopkeeper) -> None:
    done = shopkeeper("--help")
    assert done.returncode == 0
    for command in (
        "demo", "serve", "worker", "chat", "doctor", "graph", "talk-test", "catalogue", "orders", "payments",
        "shipments", "conversations", "nlu", "db", "manager", "webhook",
    ):  # fmt: skip
        assert re.search(rf"^  {command} ", done.stdout, re.MULTILINE), command


@pytest.mark.parametrize("words", [["sell"], ["orders", "shwo"], ["orders", "list", "--limit", "none"], ["graph"]])
def test_a_wrong_command_is_told_with_exit_code_2(shopkeeper: Shopkeeper, words: list[str]) -> None:
    done = shopkeeper(*words)
    assert done.returncode == 2
    assert "Error: " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_one_line(shopkeeper: Shopkeeper) -> None:
    refused(
        shopkeeper("orders", "list", SHOPKEEPER_PORT="eighty"), "SHOPKEEPER_PORT is wrong: it must be a whole number"
    )


def test_a_misspelt_setting_is_met_with_the_right_name(shopkeeper: Shopkeeper) -> None:
    done = shopkeeper("orders", "list", SHOPKEEPER_TELEGRM__TOKEN="x")
    assert done.returncode == 0
    assert "Did you mean SHOPKEEPER_TELEGRAM__TOKEN?" in done.stderr


def test_a_database_that_is_down_is_one_line_without_the_password(shopkeeper: Shopkeeper) -> None:
    done = shopkeeper("orders", "list", SHOPKEEPER_DATABASE_URL="postgresql://shop:hidden-word@127.0.0.1:1/shop")
    refused(done, "The database cannot be reached")
    assert "hidden-word" not in done.stderr


def test_a_database_without_tables_names_the_command_that_makes_them(shopkeeper: Shopkeeper, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    refused(shopkeeper("serve", "--port", "0"), "which this program does not know: it is newer")
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP TABLE alembic_version")
    refused(shopkeeper("serve", "--port", "0"), "The database is empty. Run: shopkeeper db upgrade")
    refused(shopkeeper("orders", "list"), "The database is empty. Run: shopkeeper db upgrade")
    done = shopkeeper("nlu", "parse", "I need a refund", "--json")  # needs no goods
    assert "no goods yet" in done.stderr
    assert json.loads(done.stdout)["ranking"][0]["name"] == "refund_status", done.stdout


def test_a_taken_port_is_told_before_anything_is_started(shopkeeper: Shopkeeper) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for command in ("demo", "serve"):
            refused(shopkeeper(command, "--port", str(port)), f"Choose another: shopkeeper {command} --port {port + 1}")


def test_production_refuses_play_money(shopkeeper: Shopkeeper) -> None:
    done = shopkeeper(
        "serve", "--port", "0", SHOPKEEPER_ENV="production", SHOPKEEPER_SECRET_KEY="k" * 40,
        SHOPKEEPER_DATA=str(ROOT / "data" / "demo"),
    )  # fmt: skip
    refused(done, "SHOPKEEPER_ENV=production refuses to start")
    assert "sandbox" in done.stderr


def test_the_demo_stays_out_of_a_shop_in_production(shopkeeper: Shopkeeper) -> None:
    refused(shopkeeper("demo", "--port", "0", "--fresh", SHOPKEEPER_ENV="production"), "the demo stays shut")


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read"), (b"x\x80\x81", "line 1 is not UTF-8 text"), (b"nothing,here\n1,2\n", "column")],
)
def test_an_unreadable_catalogue_is_told_and_nothing_is_imported(
    shopkeeper: Shopkeeper, tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "goods.csv"
    if content is not None:
        file.write_bytes(content)
    done = shopkeeper("catalogue", "import", str(file))
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert shopkeeper.read("catalogue", "list") == []


def test_a_broken_shop_file_is_told_with_its_line(shopkeeper: Shopkeeper, tmp_path: Path) -> None:
    (tmp_path / "shop.yml").write_text("name: Lumo\ncurrency: [EUR\n")
    (tmp_path / "intents.yml").write_text("")
    done = shopkeeper("catalogue", "export", SHOPKEEPER_DATA=str(tmp_path))
    assert done.returncode == 1
    assert "shop.yml" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_mistake_of_ours_is_one_line_and_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    who = "@".join(("ana", "example.lt"))  # put together here: a traceback may quote a line of code

    def breaks() -> None:
        raise ZeroDivisionError(f"customer {who} paid nothing")

    monkeypatch.setattr(cli, "cli", breaks)
    monkeypatch.setenv("SHOPKEEPER_HOME", str(tmp_path))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 70
    written = tmp_path / "demo" / "errors.log"
    assert capsys.readouterr().err == (
        f"Something went wrong inside Shopkeeper (ZeroDivisionError). It is written down in {written}.\n"
    )
    assert "ZeroDivisionError" in written.read_text()
    assert who not in written.read_text()


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (ShopkeeperError("No.", "Do this."), 1)])
def test_an_interrupted_or_refused_command_ends_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    def ends() -> None:
        raise error

    monkeypatch.setattr(cli, "cli", ends)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == code
    assert capsys.readouterr().err == ("No. Do this.\n" if code == 1 else "")


def test_a_closed_pipe_is_no_drama(shopkeeper: Shopkeeper) -> None:
    command = f"'{sys.executable}' -m app.cli catalogue export --help | head -c 1"
    done = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, env=shopkeeper.environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr


# ---- what commands do ----------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["catalogue", "orders", "payments", "shipments", "conversations", "tasks"])
def test_every_list_speaks_json_also_when_it_is_empty(shopkeeper: Shopkeeper, what: str) -> None:
    assert shopkeeper.read(what, "list") == []


async def test_what_happened_in_the_shop_is_listed_and_shown(shopkeeper: Shopkeeper, database_url: str) -> None:
    async with open_shop(database_url) as shop:
        requested = await shop.placed(await shop.buyer())
        await talk(shop, "hello", "I want to talk to a person")
        async with shop.house.db.begin() as tx:
            await raise_task(tx, "channel", "telegram is down", key="c1", now=shop.house.clock.now())
    number = requested.order.number

    (order,) = shopkeeper.read("orders", "list")  # type: ignore[misc]
    assert (order["number"], order["status"], order["total"]) == (number, "awaiting_payment", "18.90 EUR")
    shown = shopkeeper.read("orders", "show", number.lower())
    assert isinstance(shown, dict)
    assert shown["lines"][0]["sku"] == "MUG-white"
    assert shown["history"][0]["to_state"] == "awaiting_payment"
    (payment,) = shopkeeper.read("payments", "list")  # type: ignore[misc]
    assert shopkeeper.read("payments", "held") == []
    paid = shopkeeper("payments", "show", payment["id"], "--json")
    assert requested.link is not None
    assert requested.link.rpartition("/")[2] not in paid.stdout  # whoever has the token can pay
    goods = shopkeeper.read("catalogue", "list")
    assert isinstance(goods, list)
    assert {"sku": "MUG-white", "name": "Aurora mug", "attributes": "white", "price": "12.00 EUR", "free": 9} in goods
    refused(shopkeeper("orders", "show", "LU-0000-0000"), "There is no order LU-0000-0000. See: shopkeeper orders list")

    (waiting,) = shopkeeper.read("conversations", "list", "--waiting")  # type: ignore[misc]
    id = waiting["id"]
    refused(shopkeeper("conversations", "take", id), "There is no manager yet. Add one: shopkeeper manager add")
    added = shopkeeper.read("manager", "add", "olga", "--name", "Olga")
    assert isinstance(added, dict)
    assert len(added["password"]) >= 12
    assert shopkeeper("conversations", "reply", id[:10], "Hello, this is Olga").returncode == 0
    thread = shopkeeper.read("conversations", "show", id)
    assert isinstance(thread, dict)
    assert thread["owner"] == "Olga"
    assert (thread["thread"][-1]["author"], thread["thread"][-1]["text"]) == ("manager", "Hello, this is Olga")
    assert shopkeeper("conversations", "release", id, "--drop").returncode == 0
    assert shopkeeper.read("conversations", "show", id)["owner"] == "bot"  # type: ignore[index]
    (task,) = shopkeeper.read("tasks", "list")  # type: ignore[misc]
    assert (task["kind"], task["text"]) == ("channel", "telegram is down")
    assert shopkeeper("tasks", "done", task["id"][:12]).returncode == 0
    refused(shopkeeper("tasks", "done", task["id"]), f"There is no open task {task['id']}. See: shopkeeper tasks list")


def test_a_catalogue_goes_out_and_comes_in_again(shopkeeper: Shopkeeper, tmp_path: Path) -> None:
    goods = str(ROOT / "data" / "demo" / "catalogue.csv")
    assert (
        "Would add 20, change 0, take off sale 0; unchanged 0."
        in shopkeeper("catalogue", "import", goods, "--dry-run").stdout
    )
    assert shopkeeper.read("catalogue", "list") == []
    assert "Added 20" in shopkeeper("catalogue", "import", goods).stdout
    assert shopkeeper("catalogue", "export", str(tmp_path / "out.csv")).returncode == 0
    assert "unchanged 20" in shopkeeper("catalogue", "import", str(tmp_path / "out.csv")).stdout


def test_dialogs_and_states_are_drawn(shopkeeper: Shopkeeper) -> None:
    assert shopkeeper("graph", "checkout").stdout.startswith("flowchart TD\n")
    assert "stateDiagram-v2" in shopkeeper("graph", "order-states").stdout
    refused(shopkeeper("graph", "sell"), "There is no dialog 'sell'. Use one of: checkout,")


def test_doctor_says_what_is_wrong_and_what_mends_it(shopkeeper: Shopkeeper) -> None:
    found = shopkeeper.read("doctor")
    assert isinstance(found, list)
    by_name = {one["what"]: one for one in found}
    assert {"python", "home", "database", "schema", "shop.yml", "intents.yml", "texts"} <= by_name.keys()
    assert by_name["schema"]["state"] == "ok"
    assert [by_name[f"channel {name}"]["line"] for name in ("telegram", "facebook", "instagram")] == ["not set up"] * 3
    down = shopkeeper("doctor", SHOPKEEPER_DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert down.returncode == 1
    assert "✗ database: " in down.stdout
    assert "→ " in down.stdout


# ---- the demo ------------------------------------------------------------------------------------


@pytest.fixture
def demo(shopkeeper: Shopkeeper) -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for one in started:
        if one.poll() is None:
            one.kill()
        one.wait(20)


def start_demo(shopkeeper: Shopkeeper, started: list[subprocess.Popen[str]]) -> dict[str, str]:
    """Start it; returns what it printed, by first word."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "app.cli", "demo", "--port", "0"],
        cwd=shopkeeper.folder, env=shopkeeper.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    started.append(process)
    assert process.stdout is not None
    printed: dict[str, str] = {}
    for line in process.stdout:
        words = line.split(maxsplit=1)
        printed[words[0] if words else ""] = words[1].strip() if len(words) > 1 else ""
        if "Ctrl-C" in line:
            break
    return printed


@pytest.mark.slow
def test_the_demo_opens_a_shop_with_two_people_waiting_and_closes_it_cleanly(
    shopkeeper: Shopkeeper, demo: list[subprocess.Popen[str]], database_url: str
) -> None:
    printed = start_demo(shopkeeper, demo)
    assert {"Shop", "Desk", "Messenger", "Instagram", "Terminal", "Sign"} <= printed.keys()
    for window in ("Messenger", "Instagram"):
        with urllib.request.urlopen(printed[window].split()[0], timeout=20) as page:
            assert f"Lumo in a play {window}" in page.read().decode()
    with urllib.request.urlopen(printed["Shop"], timeout=20) as page:
        assert "Aurora mug" in page.read().decode()
    waiting = shopkeeper.read("conversations", "list", "--waiting")
    assert isinstance(waiting, list)
    assert [one["name"] for one in waiting] == ["Marta", "Олена"]

    demo[0].send_signal(signal.SIGTERM)
    assert demo[0].wait(30) == 0
    with psycopg.connect(database_url) as connection:
        left = connection.execute("SELECT count(*) FROM outbox WHERE status IN ('queued', 'sending')").fetchone()
    assert left == (0,)

    again = start_demo(shopkeeper, demo)
    assert again["Sign"] == printed["Sign"]  # the same login, and nobody waits twice
    assert len(shopkeeper.read("conversations", "list")) == 2  # type: ignore[arg-type]
    demo[1].send_signal(signal.SIGINT)
    assert demo[1].wait(30) == 0
