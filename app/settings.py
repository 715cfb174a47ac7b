"""Settings of the shop: read from SHOPKEEPER_* in the environment and from `.env`, checked, told in plain words."""

from __future__ import annotations

import difflib
import importlib.resources
import ipaddress
import os
import re
import secrets
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from base.embedded import refuse_shared
from base.errors import ShopkeeperError

PREFIX = "SHOPKEEPER_"
ELSEWHERE = frozenset(  # read by the tests and by `manager add` alone
    {"SHOPKEEPER_TEST_DATABASE_URL", "SHOPKEEPER_REQUIRE_BROWSER", "SHOPKEEPER_MANAGER_PASSWORD"}
)
SECRET = SecretStr("")
SHORTEST_KEY = 32  # characters
# a password may hold anything; a host may be empty, for a socket of this machine
DATABASE = re.compile(r"postgres(ql)?://(.*@)?(\[[^\]]*\]|[^:\[\]/?@]*)(:\d+)?([/?].*)?")
Listed = Annotated[tuple[str, ...], NoDecode]  # written with commas between


class Section(BaseModel):
    """One outside party. Its secrets stay out of every repr and every log."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Telegram(Section):
    token: SecretStr = SECRET
    api_base: str = "https://api.telegram.org"
    webhook_secret: SecretStr = SECRET  # empty: the webhook door stays closed, and the shop polls
    provider_token: SecretStr = SECRET
    desk_group: str = ""
    owner_chat: str = ""  # where the shop's own bot tells the owner of troubles with messengers
    per_second: float = Field(default=25, gt=0, le=1000)  # messages; more than 30 pass for bots that pay for it alone

    @field_validator("owner_chat")
    @classmethod
    def _chat(cls, value: str) -> str:
        if value and not re.fullmatch(r"-?[0-9]{1,20}", value):
            raise ValueError("a chat has a number; see docs/alarms.md for how to find yours")
        return value


class Facebook(Section):
    page_id: str = ""
    page_token: SecretStr = SECRET
    app_id: str = ""
    app_secret: SecretStr = SECRET
    verify_token: SecretStr = SECRET
    api_base: str = "https://graph.facebook.com"
    per_second: float = Field(default=36, gt=0, le=300)  # messages; above 40 the Page's own inbox stops
    offers: bool = False  # Meta lets the Page send offers to who opts in; see docs/channels/facebook.md
    news_template: str = ""  # an approved utility template for news of an order; see docs/channels/facebook.md


class Instagram(Section):
    account_id: str = ""
    token: SecretStr = SECRET
    app_id: str = ""
    app_secret: SecretStr = SECRET
    verify_token: SecretStr = SECRET
    api_base: str = "https://graph.instagram.com"
    per_second: float = Field(default=250, gt=0, le=300)  # messages


class Stripe(Section):
    secret_key: SecretStr = SECRET
    webhook_secret: SecretStr = SECRET
    api_base: str = "https://api.stripe.com"


class PayPal(Section):
    client_id: str = ""
    client_secret: SecretStr = SECRET
    webhook_id: str = ""
    api_base: str = "https://api-m.paypal.com"
    cert_hosts: str = "api.paypal.com,api-m.paypal.com"


class WebMoney(Section):
    purse: str = ""
    secret_key: SecretStr = SECRET
    merchant_url: str = "https://merchant.webmoney.ru/lmi/payment_utf.asp"


class Dhl(Section):
    api_key: SecretStr = SECRET
    api_base: str = "https://api-eu.dhl.com"
    push_token: SecretStr = SECRET
    express_user: str = ""
    express_password: SecretStr = SECRET
    express_account: str = ""
    express_api_base: str = "https://express.api.dhl.com/mydhlapi"


class Fedex(Section):
    client_id: str = ""
    client_secret: SecretStr = SECRET
    account: str = ""
    api_base: str = "https://apis.fedex.com"


class Boxberry(Section):
    token: SecretStr = SECRET
    api_base: str = "https://api.boxberry.ru/json.php"


class Nlu(Section):
    backend: Literal["embedded", "rasa"] = "embedded"
    rasa_url: str = Field(default="", validate_default=True)
    encoder: str = ""

    @field_validator("rasa_url")
    @classmethod
    def _server(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("backend") == "rasa" and not value:
            raise ValueError("the backend rasa needs its server's address, like http://127.0.0.1:5005")
        if value and not _is_web_address(value):
            raise ValueError("write it like http://127.0.0.1:5005")
        return value.rstrip("/")


class Llm(Section):
    api_base: str = ""  # empty: no language model
    model: str = Field(default="", validate_default=True)
    key: SecretStr = SECRET
    patience: float = Field(default=3.0, gt=0, le=10)  # seconds that an answer waits for it
    daily_tokens: int = Field(default=20_000, ge=0)  # that one conversation may cost in a day

    @field_validator("api_base")
    @classmethod
    def _server(cls, value: str) -> str:
        if value and not _is_web_address(value):
            raise ValueError("write it like https://api.openai.com/v1")
        return value.rstrip("/")

    @field_validator("model")
    @classmethod
    def _named(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("api_base") and not value:
            raise ValueError("a language model needs its name, as its server calls it")
        return value


class Settings(BaseSettings):
    """All settings. An empty value is the same as none."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        env_file=".env",
        env_file_encoding="utf-8",
        extra="ignore",
        frozen=True,
    )

    env: Literal["demo", "production"] = "demo"
    secret_key: SecretStr = SECRET
    database_url: SecretStr = SECRET  # empty: the embedded server
    database_direct_url: SecretStr = SECRET  # for LISTEN, past a pooler
    home: Path = Path("~/.shopkeeper")
    cache: Path = Path(
        "~/.cache/shopkeeper"
    )  # what can be made again: trained models, shared by all shops of an account
    data: Path | None = None  # the folder the owner edits; none: the one that came with the program
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = ""
    probe: bool = True  # knock at our own door from outside; false where this machine cannot reach public_url
    trusted_proxies: Listed = ()
    chat_origins: Listed = ()
    log: Literal["console", "json"] | None = None  # none: console at a terminal, JSON elsewhere
    burst: float = Field(default=1.0, ge=0, le=1.2)  # seconds that an unfinished message is waited upon, at most
    parcel_day: int = Field(default=86_400, ge=1)  # seconds that a day of the sandbox carrier takes

    telegram: Telegram = Telegram()
    facebook: Facebook = Facebook()
    instagram: Instagram = Instagram()
    stripe: Stripe = Stripe()
    paypal: PayPal = PayPal()
    webmoney: WebMoney = WebMoney()
    dhl: Dhl = Dhl()
    fedex: Fedex = Fedex()
    boxberry: Boxberry = Boxberry()
    nlu: Nlu = Nlu()
    llm: Llm = Llm()

    @field_validator("trusted_proxies", "chat_origins", mode="before")
    @classmethod
    def _with_commas(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            try:
                ipaddress.ip_network(network, strict=False)
            except ValueError:
                raise ValueError(f"{network} is not an address or network; write 10.0.0.0/8 or 127.0.0.1") from None
        return value

    @field_validator("public_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("it must begin with https:// (or http:// on this machine)")
        if value and not _is_web_address(value):
            raise ValueError("write it like https://shop.example")
        return value.rstrip("/")

    @field_validator("chat_origins")
    @classmethod
    def _sites(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for site in value:
            if site != "*" and not _is_web_address(site):
                raise ValueError(f"{site} is not a site; write https://shop.example, with commas between several")
        return value

    @field_validator("database_url", "database_direct_url")
    @classmethod
    def _postgres(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not DATABASE.fullmatch(value.get_secret_value()):
            raise ValueError("write it like postgresql://name:password@host:5432/shop, or leave it empty")
        return value

    @property
    def days_are_real(self) -> bool:
        """False in a demo whose parcels travel by the minute: it keeps no quiet hours either."""
        return self.parcel_day >= 86_400

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def home_folder(self) -> Path:
        """Where the shop keeps what is its own: the embedded database, its key, its log. Private; the demo's apart."""
        home = self.home.expanduser()
        return home if self.production else home / "demo"

    @property
    def models_folder(self) -> Path:
        """Where trained models are kept, each under a name made of what it learned from."""
        return self.cache.expanduser() / "nlu"

    @cached_property
    def data_folder(self) -> Path:
        """Intents, texts, questions and answers: what all shops of this program share unless the owner changes it."""
        if self.data is not None:
            folder = self.data.expanduser()
            if not folder.is_dir():
                raise ShopkeeperError(f"SHOPKEEPER_DATA: there is no folder {folder}.", "Name one, or leave it empty.")
            return folder
        return shipped_data()

    @property
    def shop_folder(self) -> Path:
        """Where shop.yml lies: in production, or with a folder that was named, the owner's; else the demo shop's."""
        own = self.data_folder
        named = self.data is not None and (own / "shop.yml").is_file()
        return own if self.production or named else own / "demo"

    @property
    def base_url(self) -> str:
        """The shop's address as customers reach it, without a slash at the end."""
        return self.public_url or self.local_url

    @property
    def local_url(self) -> str:
        """The shop's address as this machine reaches it."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def _is_web_address(value: str) -> bool:
    if not value.isprintable() or any(sign in value for sign in " ;,\\\"'<>"):  # of these some end a part of a header
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half a bracket
        return False


def read_settings(env_file: Path | None = Path(".env"), **given: Any) -> Settings:
    """The settings of this process; `given` goes before the environment, and the environment before `.env`.

    Raises ShopkeeperError with one line for each wrong setting: its name, what is wrong, what to do.
    """
    try:
        return Settings(_env_file=env_file, **given)
    except ValidationError as error:
        raise ShopkeeperError("\n".join(_told(dict(mistake)) for mistake in error.errors())) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ShopkeeperError(f"The file .env cannot be read ({error}).", "Write it as UTF-8 text.") from None
    except Exception as error:  # pydantic-settings has an error of its own for a source it cannot read
        if type(error).__name__ != "SettingsError":
            raise
        raise ShopkeeperError(
            f"A setting cannot be read: {error}.", "Write nested settings like SHOPKEEPER_TELEGRAM__TOKEN."
        ) from None


def _told(mistake: dict[str, Any]) -> str:
    name = PREFIX + "__".join(str(part) for part in mistake["loc"][:2]).upper()
    what = str(mistake["msg"]).removeprefix("Value error, ")
    kind, context = mistake["type"], mistake.get("ctx") or {}
    if kind == "literal_error":
        what = f"it must be {context['expected']}".replace("'", "")
    elif kind.startswith("int_"):
        what = "it must be a whole number, written in digits"
    elif kind in ("greater_than_equal", "less_than_equal"):
        what = f"it must be {'at least' if 'ge' in context else 'at most'} {context.get('ge', context.get('le'))}"
    return f"{name} is wrong: {what}."


def known_names() -> frozenset[str]:
    """Every name a setting can have."""
    names = set(ELSEWHERE)
    for field, about in Settings.model_fields.items():
        if isinstance(about.annotation, type) and issubclass(about.annotation, Section):
            names |= {f"{PREFIX}{field}__{inner}".upper() for inner in about.annotation.model_fields}
        else:
            names.add(f"{PREFIX}{field}".upper())
    return frozenset(names)


def unknown_names(names: Iterable[str]) -> list[str]:
    """One line for each SHOPKEEPER_* name that is no setting, with the nearest one that is."""
    known = known_names()
    lines = []
    for name in sorted({name.upper() for name in names if name.upper().startswith(PREFIX)} - known):
        nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        lines.append(f"{name} is not a setting and changes nothing.{hint}")
    return lines


def names_in_use(env_file: Path = Path(".env")) -> set[str]:
    """The names that are set in the environment and in `.env`."""
    names = set(os.environ)
    if env_file.is_file():
        for line in env_file.read_text(encoding="utf-8", errors="replace").splitlines():
            name, equals, _ = line.strip().removeprefix("export ").partition("=")
            if equals and not name.startswith("#"):
                names.add(name.strip())
    return names


def shipped_data() -> Path:
    """The `data/` of the checkout, or `shopkeeper_data` of an installed wheel."""
    beside = Path(__file__).resolve().parent.parent / "data"
    if (beside / "intents.yml").is_file():
        return beside
    try:
        with importlib.resources.as_file(importlib.resources.files("shopkeeper_data") / "intents.yml") as intents:
            return intents.parent
    except (ModuleNotFoundError, FileNotFoundError):
        raise ShopkeeperError(
            "The folder data/ did not come with this installation.", "Install again, or set SHOPKEEPER_DATA."
        ) from None


def signing_key(settings: Settings) -> str:
    """The key that signs cookies and links. Made once and kept in SHOPKEEPER_HOME where none is set; not in production.

    Raises ShopkeeperError when production has none, or one that could be guessed.
    """
    given = settings.secret_key.get_secret_value()
    if given and (len(given) >= SHORTEST_KEY or not settings.production):
        return given
    if settings.production:
        what = f"is too short ({SHORTEST_KEY} characters at least)" if given else "is not set"
        raise ShopkeeperError(
            f"SHOPKEEPER_SECRET_KEY {what}.",
            'Make one: python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
        )
    path = settings.home_folder / "secret_key"
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        refuse_shared(path.parent)
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(48))
        kept = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        raise ShopkeeperError(f"SHOPKEEPER_HOME cannot be used: {error.strerror} ({path.parent}).") from None
    if len(kept) < SHORTEST_KEY:
        raise ShopkeeperError(f"{path} holds no key, so cookies could be forged.", "Delete it: a new one is made.")
    return kept


def _write_once(path: Path, words: str) -> None:
    """Make a private file that is there whole or not at all; the first of several processes wins."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(words)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
