"""This workstation's settings: one TOML file, read once into a frozen dataclass. Each is declared here, once.

Facts of the office (names, seal, people, days off) are in the database; passwords are in no file, the PIN nowhere.
"""

import os
import sys
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from desktop.errors import BadInput, Unavailable


def _setting(default: Any, sentence: str, choices: tuple[Any, ...] = ()) -> Any:
    """Declare a setting: its default, what it is (written into the file), what it may be."""
    return field(default=default, metadata={"sentence": sentence, "choices": choices})


@dataclass(frozen=True, slots=True)
class Settings:
    database: str = _setting("", "Address of the database; empty: the file in the user's data folder.")
    root_certificate: str = _setting(
        "", "File (PEM) with the certificate of the authority that the database server's is proved by."
    )
    tls_always: bool = _setting(False, "Ask a database server on this very computer for TLS too.")
    login_prefix: str = _setting(
        "", "How names of people's logins begin on the server; empty: by the name of the database."
    )
    language: str = _setting("kk", "Language of the windows: kk, ru or en.", ("kk", "ru", "en"))
    scheme: str = _setting(
        "system", "Colours: system, light, dark or contrast.", ("system", "light", "dark", "contrast")
    )
    text_size: int = _setting(100, "Size of text and controls in per cent.", (100, 125, 150, 175, 200))
    pkcs11_module: str = _setting(
        "", "Path of the library of the signing token; empty: look in the usual places."
    )
    key_folder: str = _setting("", "Folder in which the dialog for a key file (PKCS#12) opens.")
    key_file: str = _setting(
        "", "Key file (PKCS#12) that was signed with last; the password is kept nowhere."
    )
    token: str = _setting(
        "", "Serial number of the token that was signed with last; the PIN is kept nowhere."
    )
    key_kind: str = _setting(
        "", "What was signed with last: file, token or ncalayer.", ("", "file", "token", "ncalayer")
    )
    ncalayer_address: str = _setting(
        "wss://127.0.0.1:13579/", "Where NCALayer answers on this very computer."
    )
    ncalayer_trust: str = _setting(
        "", "File (PEM) of the authority that NCALayer is proved by; empty: the system's and the office's."
    )
    ncalayer_storage: str = _setting(
        "", "Kind of store NCALayer is to take keys from, as it calls it; empty: its person chooses there."
    )
    ncalayer_certificate: str = _setting(
        "", "Certificate (base64) that NCALayer signed with last, so that it can be checked before."
    )
    code_key_file: str = _setting(
        "", "Key file (PKCS#12) of the codes on papers; its password is kept nowhere."
    )
    code_key_token: str = _setting(
        "", "Serial number of the token with the key of the codes on papers; its PIN is kept nowhere."
    )
    save_folder: str = _setting("", "Folder in which papers and workbooks are saved.")
    incoming_folder: str = _setting(
        "", "Folder in which packages of the portal and the centres arrive; empty: none is looked through."
    )
    results_folder: str = _setting(
        "", "Folder into which results are written as packages for the portal and the centres; empty: none."
    )
    printer: str = _setting("", "Name of the printer; empty: the system's default.")
    last_login: str = _setting("", "Login shown at sign-in.")
    workstation: str = _setting("", "Name of this workstation in the journal; empty: the computer's name.")
    silence_seconds: int = _setting(
        20, "Seconds without a byte from the database server after which its connection is given up."
    )
    lock_minutes: int = _setting(
        15, "Minutes without a key or the mouse after which the password is asked again; 0: never."
    )


def state_folder() -> Path:
    """Return the user's folder for the log, drafts and window geometry (RUQSAT_STATE overrides)."""
    return _folder("RUQSAT_STATE", "XDG_STATE_HOME", ".local/state")


def data_folder() -> Path:
    """Return the user's folder for the embedded database and the demo office (RUQSAT_DATA overrides)."""
    return _folder("RUQSAT_DATA", "XDG_DATA_HOME", ".local/share")


def token_folder() -> Path:
    """Return the folder of the tokens this workstation shows to other systems; each lies in a file of its own."""
    return settings_file().parent / "tokens"


def settings_file() -> Path:
    """Return where the settings lie (RUQSAT_CONFIG overrides the folder)."""
    return _folder("RUQSAT_CONFIG", "XDG_CONFIG_HOME", ".config") / "ruqsat.toml"


def _folder(own: str, common: str, usual: str) -> Path:
    if chosen := os.environ.get(own):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "Ruqsat"
    base = os.environ.get(common)
    return (Path(base) if base else Path.home() / usual) / "ruqsat"


def load(path: Path | None = None) -> Settings:
    """Read the settings; a missing file gives the defaults.

    Raises Unavailable("settings-unreadable") with the file and the reason, BadInput("setting-wrong") for a value.
    """
    path = path or settings_file()
    if not path.exists():
        return Settings()
    import tomllib

    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unavailable("settings-unreadable", file=path.name, reason=str(error)) from error
    known = {one.name: one for one in fields(Settings)}
    values = {
        name: value for name, value in found.items() if name in known
    }  # a newer program's are left alone
    for name, value in values.items():
        _check(known[name], value)
    return Settings(**values)


def _check(declared: Any, value: Any) -> None:
    choices = declared.metadata["choices"]
    if type(value) is not type(declared.default) or (choices and value not in choices):
        raise BadInput("setting-wrong", field=declared.name, value=value)


def save(settings: Settings, path: Path | None = None) -> None:
    """Write the settings with a sentence over each; raises Unavailable("settings-unwritable")."""
    path = path or settings_file()
    lines = []
    for one in fields(Settings):
        lines += [f"# {one.metadata['sentence']}", f"{one.name} = {_toml(getattr(settings, one.name))}", ""]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text("\n".join(lines), encoding="utf-8")
        os.replace(part, path)
    except OSError as error:
        raise Unavailable("settings-unwritable", file=path.name, reason=error.strerror or "") from error


def changed(settings: Settings, **values: Any) -> Settings:
    """Return the settings with some values changed; BadInput("setting-wrong") when one may not be."""
    known = {one.name: one for one in fields(Settings)}
    for name, value in values.items():
        _check(known[name], value)
    return replace(settings, **values)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    escaped = "".join(
        f"\\u{ord(sign):04X}" if ord(sign) < 32 or sign in '"\\\x7f' else sign for sign in value
    )
    return f'"{escaped}"'
