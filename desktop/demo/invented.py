"""Invented people, applicants and places. Nobody here exists; identifiers are formed validly and belong to no one."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.regulation.model import Role, Text

PASSWORD = "demo-office"  # noqa: S105 - printed on the sign-in screen of every demo office


@dataclass(frozen=True, slots=True)
class DemoPerson:
    login: str
    name: Text
    position: Text
    iin: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class DemoHolder:
    is_legal_entity: bool
    identifier: str
    name: Text
    address: str
    site: str
    phone: str


def check_digit(body: str) -> str | None:
    """Return the 12th digit of an ИИН/БИН body of 11 digits (weights 1..11, then 3..11,1,2), or None if unusable."""
    digits = [int(digit) for digit in body]
    for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
        remainder = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
        if remainder < 10:
            return str(remainder)
    return None


def identifier(body: str) -> str:
    """Complete ``body`` (its last digits may change until a check digit exists)."""
    number = int(body)
    while (digit := check_digit(f"{number:011d}")) is None:
        number += 1
    return f"{number:011d}{digit}"


OFFICE_NAME = Text(
    "«Батыс Қазақстан облысының денсаулық сақтау басқармасы» мемлекеттік мекемесі",
    "Государственное учреждение «Управление здравоохранения Западно-Казахстанской области»",
)
OFFICE_ADDRESS = Text("Орал қаласы, Достық-Дружба даңғылы, 201", "город Уральск, проспект Достык-Дружба, 201")
OFFICE_PLACE = Text("Орал қ.", "г. Уральск")
OFFICE_BIN = identifier("01024000431")

PEOPLE = (
    DemoPerson(
        "admin",
        Text("Жұмабаев Ернар Қайратұлы", "Жумабаев Ернар Кайратулы"),
        Text("жүйе әкімшісі", "администратор системы"),
        identifier("88030130041"),
        frozenset({Role.ADMINISTRATOR}),
    ),
    DemoPerson(
        "clerk",
        Text("Өтегенова Гүлнұр Сәкенқызы", "Утегенова Гульнур Сакенкызы"),
        Text("кеңсе қызметкері", "сотрудник канцелярии"),
        identifier("92071540052"),
        frozenset({Role.CLERK}),
    ),
    DemoPerson(
        "head",
        Text("Әбдірахманов Қанат Серікұлы", "Абдрахманов Канат Серикулы"),
        Text("басқарма басшысы", "руководитель управления"),
        identifier("71111930063"),
        frozenset({Role.HEAD}),
    ),
    DemoPerson(
        "department",
        Text("Ысқақова Меруерт Нұрланқызы", "Искакова Меруерт Нурланкызы"),
        Text("лицензиялау бөлімінің басшысы", "руководитель отдела лицензирования"),
        identifier("80042340074"),
        frozenset({Role.DEPARTMENT_HEAD, Role.EXECUTOR}),
    ),
    DemoPerson(
        "executor",
        Text("Төлегенов Айбек Маратұлы", "Тулегенов Айбек Маратулы"),
        Text("жауапты орындаушы, бас маман", "ответственный исполнитель, главный специалист"),
        identifier("90090930085"),
        frozenset({Role.EXECUTOR}),
    ),
    DemoPerson(
        "auditor",
        Text("Сейітқали Әсел Бауыржанқызы", "Сейткали Асель Бауыржанкызы"),
        Text("ішкі аудит маманы", "специалист внутреннего аудита"),
        identifier("85120540096"),
        frozenset({Role.AUDITOR}),
    ),
)

OTHERS = (
    DemoPerson(
        "secretary",
        Text("Қасымова Динара Талғатқызы", "Касымова Динара Талгаткызы"),
        Text("аттестаттау комиссиясының хатшысы", "секретарь аттестационной комиссии"),
        identifier("87061840107"),
        frozenset({Role.COMMISSION_SECRETARY}),
    ),
    DemoPerson(
        "commission",
        Text("Нұрмағамбетов Болат Ғалымұлы", "Нурмагамбетов Болат Галымулы"),
        Text("аттестаттау комиссиясының төрағасы", "председатель аттестационной комиссии"),
        identifier("66022830118"),
        frozenset({Role.COMMISSION}),
    ),
    DemoPerson(
        "commission2",
        Text("Үсенова Шолпан Әлиқызы", "Усенова Шолпан Аликызы"),
        Text("аттестаттау комиссиясының мүшесі", "член аттестационной комиссии"),
        identifier("74091440129"),
        frozenset({Role.COMMISSION}),
    ),
    DemoPerson(
        "commission3",
        Text("Жақсылықов Мұрат Ерланұлы", "Жаксылыков Мурат Ерланулы"),
        Text("аттестаттау комиссиясының мүшесі", "член аттестационной комиссии"),
        identifier("79120230130"),
        frozenset({Role.COMMISSION}),
    ),
    DemoPerson(
        "phc",
        Text("Бекенова Әлия Сәбитқызы", "Бекенова Алия Сабиткызы"),
        Text("№ 4 емхананың тіркеу қызметкері", "регистратор поликлиники № 4"),
        identifier("93051140141"),
        frozenset({Role.PHC_EMPLOYEE}),
    ),
    DemoPerson(
        "employee",
        Text("Мұқашев Данияр Бақытұлы", "Мукашев Данияр Бакытулы"),
        Text("МСАК бөлімінің қызметкері", "сотрудник отдела ПМСП"),
        identifier("89072530152"),
        frozenset({Role.DEPARTMENT_EMPLOYEE}),
    ),
    DemoPerson(
        "operator",
        Text("Сапарова Жанна Ермекқызы", "Сапарова Жанна Ермеккызы"),
        Text("Мемлекеттік корпорация операторы", "оператор Государственной корпорации"),
        identifier("95041940163"),
        frozenset({Role.CENTRE_OPERATOR}),
    ),
)
"""Who works on the other services: in the office that is opened to be tried, not in that of the main job."""
EVERYBODY = PEOPLE + OTHERS

_ENTITIES = (
    ("Шипа", "Шипа"), ("Жайық-Мед", "Жайык-Мед"), ("Ақжайық клиникасы", "Клиника Акжаик"), ("Дәрігер плюс", "Даригер плюс"),
    ("Көз жанары", "Коз жанары"), ("Тіс сәні", "Тис сани"), ("Ана мен бала орталығы", "Центр матери и ребёнка"),
    ("Жүрек", "Журек"), ("Өмір нұры", "Омир нуры"), ("Сана-Мед", "Сана-Мед"), ("Орал диагностика", "Орал диагностика"),
    ("Батыс зертханасы", "Западная лаборатория"), ("Мейірім", "Мейирим"), ("Ғалым-Дент", "Галым-Дент"), ("Ұлан клиникасы", "Клиника Улан"),
    ("Һауа", "Хауа"), ("Қайнар-Ем", "Кайнар-Ем"), ("Ізгілік", "Изгилик"), ("Бәйтерек-Медикус", "Байтерек-Медикус"),
    ("Сұңқар реабилитация орталығы", "Реабилитационный центр Сункар"),
    ("Батыс Қазақстан облысының ауылдық елді мекендеріне арналған жылжымалы медициналық көмек және кеңес беру-диагностика орталығы",
     "Центр передвижной медицинской помощи и консультативной диагностики для сельских населённых пунктов Западно-Казахстанской области"),
)  # fmt: skip
_SURNAMES = (
    ("Сәрсенов", "Сарсенов"), ("Қуанышева", "Куанышева"), ("Ғабдуллин", "Габдуллин"), ("Өмірзақ", "Омирзак"),
    ("Үмбетова", "Умбетова"), ("Ілиясов", "Ильясов"), ("Ңұрғали", "Нургали"), ("Әлімбаева", "Алимбаева"),
    ("Петренко", "Петренко"), ("Ким", "Ким"), ("Досжанов", "Досжанов"), ("Нұрпейісова", "Нурпеисова"),
)  # fmt: skip
_GIVEN = (
    ("Қайрат", "Кайрат"), ("Гүлжан", "Гульжан"), ("Ерлан", "Ерлан"), ("Әйгерім", "Айгерим"), ("Данияр", "Данияр"), ("Сәуле", "Сауле"),
)  # fmt: skip
_PLACES = (
    "Орал қ., Еуразия даңғылы, 54", "Орал қ., Н. Назарбаев даңғылы, 181", "Ақсай қ., Дружба көшесі, 12", "Орал қ., Сарайшық көшесі, 36",
    "Бәйтерек ауданы, Переметное а., Гагарин көшесі, 7", "Теректі ауданы, Федоровка а., Юбилейная көшесі, 3", "Орал қ., Жәңгір хан көшесі, 41/1",
    "Жаңақала а., Халықтар достығы көшесі, 45", "Казталов а., Желтоқсан көшесі, 18", "Орал қ., 4 шағын аудан, 22",
)  # fmt: skip


def holders(seed: int = 139) -> Iterator[DemoHolder]:
    """Yield applicants without end, always the same ones for a ``seed``."""
    chance = random.Random(seed)
    serial = 400
    while True:
        for position, (kk, ru) in enumerate(_ENTITIES):
            serial += 1
            year, month = 8 + chance.randrange(16), 1 + chance.randrange(12)
            place = chance.choice(_PLACES)
            yield DemoHolder(
                True,
                identifier(f"{year:02d}{month:02d}40{serial:05d}"),
                Text(f"«{kk}» ЖШС", f"ТОО «{ru}»"),
                place,
                place if position % 3 else chance.choice(_PLACES),
                f"+7 7112 {50 + position:02d} {serial % 100:02d} {year:02d}",
            )
            if position % 2:
                serial += 1
                surname, given = chance.choice(_SURNAMES), chance.choice(_GIVEN)
                birth = f"{60 + chance.randrange(38):02d}{1 + chance.randrange(12):02d}{1 + chance.randrange(28):02d}"
                place = chance.choice(_PLACES)
                yield DemoHolder(
                    False,
                    identifier(f"{birth}{3 + chance.randrange(2)}{serial:04d}"),
                    Text(f"{surname[0]} {given[0]}", f"{surname[1]} {given[1]}"),
                    place,
                    place,
                    f"+7 701 {serial:03d} {birth[:2]} {birth[2:4]}",
                )
