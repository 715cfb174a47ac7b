"""The installed program has everything with it: the owner's files, migrations, pages and the widget."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = (
    "shopkeeper_data/intents.yml",
    "shopkeeper_data/faq.yml",
    "shopkeeper_data/shop.yml",
    "shopkeeper_data/texts/en.ftl",
    "shopkeeper_data/demo/shop.yml",
    "shopkeeper_data/demo/catalogue.csv",
    "shopkeeper_data/demo/pictures/mug-white.jpg",
    "app/migrations/env.py",
    "app/migrations/script.py.mako",
    "app/migrations/sql/job_engine.sql",
    "app/migrations/sql/triggers.sql",
    "app/web/templates/storefront.html",
    "app/web/templates/pay/open.html",
    "app/web/templates/desk/page.html",
    "app/web/static/pay/pay.css",
    "app/web/static/widget/element.js",
    "app/web/static/emulator/emulator.js",
    "app/web/templates/emulator/window.html",
    "bot/dialogs/checkout.py",
    "base/py.typed",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network from what is in this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", str(folder), "."],
        cwd=ROOT,
        check=True,
        env={"PATH": "/usr/bin:/bin", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "HOME": str(folder)},
    )
    (built,) = folder.glob("shopkeeper-*.whl")
    return built


@pytest.mark.slow
def test_everything_travels_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert [name for name in NEEDED if name not in names] == []
    assert any(name.startswith("app/migrations/versions/0001_") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert [name for name in names if name.startswith("tests/") or name.endswith(".pyc")] == []


@pytest.mark.slow
def test_the_installed_program_finds_its_data_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = (
        "from app.settings import read_settings; import app; from app.migrations import head;"
        "settings = read_settings(env_file=None);"
        "print(app.__file__, settings.data_folder, settings.shop_folder, head(), sep='\\n')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    program, data, shop, head = done.stdout.splitlines()
    assert program == str(tmp_path / "site" / "app" / "__init__.py")
    assert data == str(tmp_path / "site" / "shopkeeper_data")
    assert shop == str(tmp_path / "site" / "shopkeeper_data" / "demo")
    assert head
