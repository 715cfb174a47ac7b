"""A key file that a crash or a second process had left empty was taken as the key: anybody could forge cookies."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.settings import Settings, read_settings, signing_key
from base.errors import ShopkeeperError


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("SHOPKEEPER_SECRET_KEY", raising=False)
    return read_settings(env_file=None, env="demo", home=tmp_path / "home")


@pytest.mark.parametrize("kept", ["", "\n", "short"])
def test_an_empty_key_is_refused_and_how_to_mend_it_is_told(settings: Settings, kept: str) -> None:
    settings.home_folder.mkdir(parents=True, mode=0o700)
    (settings.home_folder / "secret_key").write_text(kept)
    with pytest.raises(ShopkeeperError, match="holds no key, so cookies could be forged"):
        signing_key(settings)


def test_processes_that_start_together_agree_on_one_whole_key(settings: Settings) -> None:
    keys: list[str] = []
    together = threading.Barrier(8)

    def start() -> None:
        together.wait()
        keys.append(signing_key(settings))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert [path.name for path in settings.home_folder.iterdir()] == ["secret_key"]


def test_a_key_in_a_folder_that_others_may_write_to_is_not_trusted(settings: Settings) -> None:
    settings.home_folder.mkdir(parents=True)
    settings.home_folder.chmod(0o777)
    (settings.home_folder / "secret_key").write_text("planted" * 10)
    with pytest.raises(ShopkeeperError, match="may be written by others"):
        signing_key(settings)
