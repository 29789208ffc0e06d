"""The office all tests work in, and its people. Made once a run and copied for each test."""

from dataclasses import dataclass

from desktop.cases import confirming, office
from desktop.models import Office
from desktop.queries.confirming import waiting
from desktop.regulation.model import Role
from desktop.regulation.rights import Actor
from desktop.store.database import Store

PASSWORD = "Orda-1812-zheti"
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
    secretary: Actor
    commission: Actor
    commission2: Actor
    commission3: Actor
    centre: Actor
    phc: Actor
    employee: Actor


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
        "750711350047",
        Role.DEPARTMENT_HEAD,
    ),
    ("executor", "Орындаушина Сәуле Маратқызы", "Орындаушина Сауле Маратовна", "880808450057", Role.EXECUTOR),
    ("executor2", "Маманова Жанар Ғабитқызы", "Маманова Жанар Габитовна", "910909450064", Role.EXECUTOR),
    ("auditor", "Тексеруов Дәурен Іліясұлы", "Тексеруов Даурен Ильясович", "801212350079", Role.AUDITOR),
    ("secretary", "Хатшыбаева Әсел", "Хатшибаева Асель", "", Role.COMMISSION_SECRETARY),
    ("commission", "Төрағаев Болат", "Торагаев Болат", "", Role.COMMISSION),
    ("commission2", "Мүшебаев Ғани", "Мушебаев Гани", "", Role.COMMISSION),
    ("commission3", "Мүшеева Ұлжан", "Мушеева Улжан", "", Role.COMMISSION),
    ("centre", "Орталықбаев Қанат", "Орталыкбаев Канат", "", Role.CENTRE_OPERATOR),
    ("phc", "Емханаева Шолпан", "Емханаева Шолпан", "", Role.PHC_EMPLOYEE),
    ("employee", "Бөлімшин Әлішер", "Болимшин Алишер", "", Role.DEPARTMENT_EMPLOYEE),
)


def people() -> People:
    return People(
        **{
            login: Actor(number, login, kk, ru, frozenset({role}), WORKSTATION)
            for number, (login, kk, ru, _iin, role) in enumerate(_PEOPLE, 1)
        }
    )


def found(store: Store) -> None:
    """Found the office as its administrator would: name, hours, rates, the shipped law, the people."""
    administrator, *others = (_facts(*person) for person in _PEOPLE)
    office.create_office(
        store,
        office.NewOffice(
            name_kk="Батыс Қазақстан облысының денсаулық сақтау басқармасы",
            name_ru="Управление здравоохранения Западно-Казахстанской области",
            bin="050140003412",
            address_kk="Орал қаласы, Дина Нұрпейісова көшесі, 19",
            address_ru="город Уральск, улица Дины Нурпеисовой, 19",
            place_kk="Орал қ.",
            place_ru="г. Уральск",
            administrator=administrator,
            administrator_password=PASSWORD,
            status_address="https://licence.example.invalid/{number}",
            numbers_licences=True,
        ),
    )
    for person in others:
        office.save_person(store, people().administrator, person=person, password=PASSWORD)


def _facts(login: str, kk: str, ru: str, iin: str, role: Role) -> office.PersonFacts:
    position = _POSITIONS[role]
    return office.PersonFacts(login, kk, ru, *position, iin, frozenset({role}))


_POSITIONS = {
    Role.ADMINISTRATOR: ("Әкімші", "Администратор"),
    Role.CLERK: ("Кеңсе қызметкері", "Сотрудник канцелярии"),
    Role.HEAD: ("Басқарма басшысы", "Руководитель управления"),
    Role.DEPARTMENT_HEAD: ("Бөлім басшысы", "Руководитель отдела"),
    Role.EXECUTOR: ("Бас маман", "Главный специалист"),
    Role.COMMISSION_SECRETARY: ("Комиссия хатшысы", "Секретарь комиссии"),
    Role.COMMISSION: ("Комиссия мүшесі", "Член комиссии"),
    Role.CENTRE_OPERATOR: ("Орталық операторы", "Оператор центра"),
    Role.PHC_EMPLOYEE: ("МСАК ұйымының қызметкері", "Сотрудник организации ПМСП"),
    Role.DEPARTMENT_EMPLOYEE: ("Басқарма қызметкері", "Сотрудник управления"),
    Role.AUDITOR: ("Ішкі бақылау қызметі", "Служба внутреннего контроля"),
}


def confirm_all(store: Store) -> None:
    """The auditor, as the second person, confirms all that waits and is not his own."""
    auditor = people().auditor
    for row in waiting(store, auditor).rows:
        if row.changes:
            confirming.confirm(store, auditor, noted=row.changes)


def trust_demo(store: Store, pem: str) -> None:
    """Make the office a demo, as its founder would have, and its demo authority one that is believed."""
    with store.writing() as session:
        session.get_one(Office, 1).is_demo = True
    office.add_trust_root(store, people().administrator, pem=pem, is_demo=True)
    confirm_all(store)
