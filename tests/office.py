"""The office all tests work in, and its people. Made once a run and copied for each test."""

from dataclasses import dataclass
from datetime import date

from desktop.models import FeeRate, Office, Person, PersonRole, RegulationText, WorkingHours
from desktop.regulation import calendar_data, loader
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor
from desktop.store.database import Store

PASSWORD = "Orda-1812-zheti"
# argon2id of PASSWORD with the least cost, so that no test waits for it
WORKSTATION = "WS-TEST"


@dataclass(frozen=True, slots=True)
class People:
    administrator: Actor
    clerk: Actor
    head: Actor
    department_head: Actor
    executor: Actor
    executor2: Actor
    auditor: Actor


_PEOPLE = (
    (
        "administrator",
        "Әкімова Айгүл Серікқызы",
        "Акимова Айгуль Сериковна",
        "850101450018",
        Role.ADMINISTRATOR,
    ),
    ("clerk", "Кеңсебаева Гүлнәр Ұланқызы", "Кенсебаева Гульнар Улановна", "900315450023", Role.CLERK),
    ("head", "Басшыбаев Ерлан Қуатұлы", "Басшибаев Ерлан Куатович", "700520350035", Role.HEAD),
    (
        "department_head",
        "Бөлімов Нұрлан Асқарұлы",
        "Болимов Нурлан Аскарович",
        "750711350042",
        Role.DEPARTMENT_HEAD,
    ),
    ("executor", "Орындаушина Сәуле Маратқызы", "Орындаушина Сауле Маратовна", "880808450057", Role.EXECUTOR),
    ("executor2", "Маманова Жанар Ғабитқызы", "Маманова Жанар Габитовна", "910909450068", Role.EXECUTOR),
    ("auditor", "Тексеруов Дәурен Іліясұлы", "Тексеруов Даурен Ильясович", "801212350077", Role.AUDITOR),
)


def people() -> People:
    return People(
        **{
            login: Actor(number, login, kk, ru, frozenset({role}), WORKSTATION)
            for number, (login, kk, ru, _iin, role) in enumerate(_PEOPLE, 1)
        }
    )


def found(store: Store) -> None:
    """Write the office, its hours and rates, the shipped law and the people."""
    now = store.now()
    with store.writing() as session:
        session.add(
            Office(
                name_kk="Батыс Қазақстан облысының денсаулық сақтау басқармасы",
                name_ru="Управление здравоохранения Западно-Казахстанской области",
                bin="050140003417",
                address_kk="Орал қаласы, Дина Нұрпейісова көшесі, 19",
                address_ru="город Уральск, улица Дины Нурпеисовой, 19",
                place_kk="Орал қ.",
                place_ru="г. Уральск",
                status_address="https://licence.example.invalid/{number}",
                numbers_licences=True,
                created_at=now,
            )
        )
        for number, (login, kk, ru, iin, role) in enumerate(_PEOPLE, 1):
            session.add(
                Person(
                    id=number,
                    login=login,
                    name_kk=kk,
                    name_ru=ru,
                    position_kk=role.value,
                    position_ru=role.value,
                    iin=iin,
                    password_hash="-",
                    roles=[PersonRole(role=role.value)],
                )
            )
        for rule in calendar_data.default_hours():
            session.add(
                WorkingHours(
                    valid_from=rule.valid_from,
                    weekday=rule.weekday,
                    intervals=calendar_data.write_intervals(rule.intervals),
                )
            )
        for rate in calendar_data.index_rates():
            session.add(
                FeeRate(
                    valid_from=rate.valid_from,
                    tenge=rate.tenge,
                    source=rate.source,
                    unverified=rate.unverified,
                )
            )
        for name, text in loader.shipped():
            law = loader.load_text(text, name=name)
            session.add(
                RegulationText(
                    sha256=law.sha256, regulation=law.id, version=law.version, content=text, loaded_at=now
                )
            )


FOUNDED_ON = date(2018, 6, 1)
