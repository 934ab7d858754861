"""Settings of one instance, read from the environment and its folder. The package never imports this."""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
KEYS_FILE = "keys.json"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


class ConfigurationError(Exception):
    """The instance can't start as it stands; the text says what is missing and how to mend it."""


@dataclass(frozen=True)
class Keys:
    """Secrets that live outside the database: one signs cookies, the others seal and index fields."""

    secret_key: str
    field_keys: Mapping[str, bytes]
    current_field_key: str
    index_key: bytes

    @classmethod
    def from_text(cls, text: str) -> "Keys":
        """Read `keys.json`; every fault is a ConfigurationError, never a traceback."""
        try:
            raw = json.loads(text)
            fields = {
                name: base64.b64decode(value, validate=True) for name, value in raw["field_keys"].items()
            }
            keys = cls(
                secret_key=raw["secret_key"],
                field_keys=fields,
                current_field_key=raw["current_field_key"],
                index_key=base64.b64decode(raw["index_key"], validate=True),
            )
            is_short = (
                len(keys.secret_key) < 32
                or len(keys.index_key) != 32
                or any(len(key) != 32 for key in fields.values())
            )
            is_unknown = keys.current_field_key not in fields
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise ConfigurationError(
                f"{KEYS_FILE} can't be read ({fault}). Restore it from your backup."
            ) from fault
        if is_short:
            raise ConfigurationError(
                f"{KEYS_FILE} holds a key of the wrong length. Restore it from your backup."
            )
        if is_unknown:
            raise ConfigurationError(f"{KEYS_FILE} names a current field key that it doesn't hold.")
        return keys

    @classmethod
    def new(cls) -> "Keys":
        """Fresh random keys for a new instance."""
        return cls(os.urandom(32).hex(), {"k1": os.urandom(32)}, "k1", os.urandom(32))

    def text(self) -> str:
        """The content of `keys.json`."""
        encoded = {name: base64.b64encode(value).decode() for name, value in self.field_keys.items()}
        content = {
            "secret_key": self.secret_key,
            "field_keys": encoded,
            "current_field_key": self.current_field_key,
            "index_key": base64.b64encode(self.index_key).decode(),
        }
        return json.dumps(content, indent=1) + "\n"


@dataclass(frozen=True)
class Config:
    """Everything the application is told from outside."""

    home: Path
    keys: Keys
    database_url: str
    url: str = "http://127.0.0.1:8000"
    trusted_hosts: tuple[str, ...] = ()
    demo: bool = False
    development: bool = False
    testing: bool = False
    extra: Mapping[str, object] = field(default_factory=dict)

    def mapping(self) -> dict[str, object]:
        """The keys that Flask and its extensions read."""
        secure = self.url.startswith("https://")
        host = urlsplit(self.url).hostname or "127.0.0.1"
        return {
            "HOME": self.home,
            "FILES": self.home / "files",
            "SECRET_KEY": self.keys.secret_key,
            "KEYS": self.keys,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": {
                # a connection that died with its server is replaced before a page meets it
                "pool_pre_ping": not self.database_url.startswith("sqlite"),
                "hide_parameters": True,  # a failed statement's values are people's data: no log holds them
            },
            "URL": self.url,
            "TRUSTED_HOSTS": [*dict.fromkeys((host, *self.trusted_hosts, "127.0.0.1", "localhost"))],
            "SECURE": secure,
            "SESSION_COOKIE_NAME": "__Host-qualityeval" if secure else "qualityeval",
            "SESSION_COOKIE_SECURE": secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
            "WTF_CSRF_TIME_LIMIT": None,  # the token lives in the session and dies with it
            "WTF_CSRF_CHECK_DEFAULT": True,
            "MAX_CONTENT_LENGTH": 64 * 2**20,
            "MAX_FORM_MEMORY_SIZE": 8 * 2**20,
            "MAX_FORM_PARTS": 5_000,
            "RATELIMIT_STORAGE_URI": "memory://",
            "RATELIMIT_HEADERS_ENABLED": True,  # a 429 says when to come again
            "BABEL_DEFAULT_LOCALE": "zh",
            "DEMO": self.demo,
            "DEVELOPMENT": self.development,
            "TESTING": self.testing,
            **self.extra,
        }


def home_folder(environment: Mapping[str, str]) -> Path:
    """The instance folder: QUALITYEVAL_HOME, else `instance` beside this file."""
    return Path(environment.get("QUALITYEVAL_HOME") or ROOT / "instance").expanduser().resolve()


def database_url(environment: Mapping[str, str], home: Path) -> str:
    """SQLAlchemy's address of the database; PostgreSQL always through psycopg 3."""
    given = environment.get("QUALITYEVAL_DATABASE_URL", "")
    if not given:
        return f"sqlite:///{home / 'qualityeval.db'}"
    scheme, separator, rest = given.partition("://")
    if separator and scheme in {"postgres", "postgresql"}:
        return f"postgresql+psycopg://{rest}"
    return given


def read_keys(environment: Mapping[str, str], home: Path) -> Keys:
    """QUALITYEVAL_KEYS holds the content of keys.json, or the file in the instance folder does."""
    given = environment.get("QUALITYEVAL_KEYS")
    if given:
        return Keys.from_text(given)
    path = home / KEYS_FILE
    if not path.is_file():
        raise ConfigurationError(
            f"No keys: {path} does not exist. Run `qualityeval init` for a new instance, "
            "or restore keys.json from your backup. QUALITYEVAL_HOME names the folder."
        )
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigurationError(
            f"{path} can't be read ({fault}). Check who owns it, or restore it from your backup."
        ) from fault
    return Keys.from_text(text)


def from_environment(environment: Mapping[str, str] | None = None) -> Config:
    """The settings of this process; ConfigurationError where a secret, database or folder is missing."""
    env = os.environ if environment is None else environment
    home = home_folder(env)
    keys = read_keys(env, home)
    url = database_url(env, home)
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).is_file():
        raise ConfigurationError(
            f"No database at {url}. Run `qualityeval init`, or set QUALITYEVAL_DATABASE_URL."
        )
    port = env.get("PORT", "8000")
    hosts = tuple(part.strip() for part in env.get("QUALITYEVAL_HOSTS", "").split(",") if part.strip())
    return Config(
        home=home,
        keys=keys,
        database_url=url,
        url=env.get("QUALITYEVAL_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        trusted_hosts=hosts,
        demo=(home / "demo").exists(),
        development=env.get("QUALITYEVAL_STYLEGUIDE") == "1",
    )


def create_instance(environment: Mapping[str, str] | None = None) -> Path:
    """Make the instance folder and its keys where missing; existing keys are never touched."""
    env = os.environ if environment is None else environment
    home = home_folder(env)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    (home / "files").mkdir(exist_ok=True, mode=0o700)
    path = home / KEYS_FILE
    if not path.exists() and not env.get("QUALITYEVAL_KEYS"):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(Keys.new().text())
    return home
