"""From the answers of the new-office form to an office; runs off the GUI thread."""

from dataclasses import dataclass
from pathlib import Path

from desktop.errors import BadInput, Unavailable

_SEAL_LIMIT = 4 * 1024 * 1024  # bytes
_PEM_LIMIT = 1024 * 1024


@dataclass(frozen=True)
class NewOfficeFacts:
    """What was answered: texts by field, the rest by name; the composition root makes the office of it."""

    texts: dict[str, str]
    hours: dict[int, tuple[tuple[str, str], ...]]
    time_zone: str
    numbers_licences: bool
    seal_file: str
    trust_root_file: str
    database_file: str


def make_office(store, facts: NewOfficeFacts) -> None:
    """Found the office from the answers; BadInput names the field of the form. Runs off the GUI thread."""
    from desktop.cases.office import NewOffice, PersonFacts, create_office

    def person(who: str) -> PersonFacts:
        texts = {
            key.removeprefix(f"{who}."): text
            for key, text in facts.texts.items()
            if key.startswith(f"{who}.")
        }
        return PersonFacts(
            login=texts["login"],
            name_kk=texts["name_kk"],
            name_ru=texts["name_ru"],
            position_kk=texts.get("position_kk", ""),
            position_ru=texts.get("position_ru", ""),
            iin=texts.get("iin", ""),
            roles=frozenset(),
        )

    plain = {key: text for key, text in facts.texts.items() if "." not in key}
    root = read_limited(facts.trust_root_file, _PEM_LIMIT, "trust_roots")
    create_office(
        store,
        NewOffice(
            **plain,
            administrator=person("administrator"),
            administrator_password=facts.texts["administrator.password"],
            head=person("head"),
            head_password=facts.texts["head.password"],
            numbers_licences=facts.numbers_licences,
            time_zone=facts.time_zone,
            hours=facts.hours,
            seal=read_limited(facts.seal_file, _SEAL_LIMIT, "seal"),
            trust_roots=(root.decode("latin-1"),) if root else (),
        ),
    )


def read_limited(path: str, limit: int, field: str) -> bytes | None:
    """Return a file's bytes, None for no path; BadInput "file-missing", "file-too-large", Unavailable "file-unreadable"."""
    if not path:
        return None
    file = Path(path)
    if not file.is_file():
        raise BadInput("file-missing", field=field, file_name=file.name)
    try:
        if file.stat().st_size > limit:
            raise BadInput(
                "file-too-large", field=field, file_name=file.name, limit=limit, size=file.stat().st_size
            )
        return file.read_bytes()
    except OSError as error:
        raise Unavailable("file-unreadable", file_name=file.name, reason=error.strerror or "") from error
