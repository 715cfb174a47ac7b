"""Where `make install` has put the trained model: no test learns the shop's examples again."""

from __future__ import annotations

from app.settings import Settings

MODELS = Settings(_env_file=None).models_folder
