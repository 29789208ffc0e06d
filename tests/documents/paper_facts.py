"""Facts of every paper: an ordinary case, and what the same paper must bear."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from desktop.regulation.model import DocumentKind, Text
from desktop.regulation.papers import (
    AcceptanceRefusalFacts,
    AnswerFacts,
    CommissionFacts,
    GroundFacts,
    HolderFacts,
    InventoryLine,
    LicenceFacts,
    MemberFacts,
    NoticeFacts,
    OfficeFacts,
    ReceiptFacts,
    RefusalFacts,
    RequestFacts,
    SignerFacts,
    TerminationFacts,
    UnmetPaper,
)

ORAL = ZoneInfo("Asia/Oral")
DEMO = OfficeFacts(
    name=Text(
        "«Батыс Қазақстан облысының денсаулық сақтау басқармасы» мемлекеттік мекемесі",
        "Государственное учреждение «Управление здравоохранения Западно-Казахстанской области»",
    ),
    bin="150540004327",
    address=Text(
        "Орал қаласы, Достық-Дружба даңғылы, 201 үй", "город Уральск, проспект Достык-Дружба, дом 201"
    ),
    place=Text("Орал қаласы", "город Уральск"),
    is_demo=True,
)
HEAD = SignerFacts(
    Text("Төсекбаев Қайрат Дәулетұлы", "Тосекбаев Кайрат Даулетович"),
    Text("Басқарма басшысы", "Руководитель управления"),
)
ACTING = SignerFacts(
    Text("Қонысбаева Бибігүл Мұхамбетәліқызы", "Конысбаева Бибигуль Мухамбеталиевна"),
    Text("Басқарма басшысының бірінші орынбасары", "Первый заместитель руководителя управления"),
    acting_order="№ 45-ж, 12.07.2018",
)
HOLDER = HolderFacts(
    Text(
        "«Шипа» жауапкершілігі шектеулі серіктестігі", "Товарищество с ограниченной ответственностью «Шипа»"
    ),
    "150540004327",
    True,
    "Орал қаласы, Еуразия даңғылы, 35 үй, 12 кеңсе",
)
CLERK = Text("Жұмабаева Гүлнұр Ерланқызы", "Жумабаева Гульнур Ерлановна")
SERVICE = Text("Медициналық қызметке лицензия беру", "Выдача лицензии на медицинскую деятельность")
KINDS = (
    Text("Терапия", "Терапия"),
    Text("Педиатрия", "Педиатрия"),
    Text("Консультациялық-диагностикалық көмек", "Консультативно-диагностическая помощь"),
)
SITE = "Орал қаласы, Еуразия даңғылы, 35 үй"
CASE: dict[str, Any] = {"case_number": "2018-000147", "case_date": date(2018, 6, 29)}

LICENCE = LicenceFacts(
    office=DEMO,
    signer=HEAD,
    holder=HOLDER,
    number="18000123",
    annex_number="001",
    issued_on=date(2018, 7, 23),
    first_issued_on=date(2018, 7, 23),
    activity=Text("Медициналық қызмет", "Медицинская деятельность"),
    conditions=Text(
        "Лицензия Қазақстан Республикасының бүкіл аумағында қолданылады",
        "Лицензия действует на всей территории Республики Казахстан",
    ),
    note=Text("Иеліктен шығарылмайтын, 1-сынып", "Неотчуждаемая, класс 1"),
    sub_types=KINDS,
    site=SITE,
    status_url="https://status.ruqsat.invalid/l/18000123",
    **CASE,
)

COMMISSION = CommissionFacts(
    office=DEMO,
    holder=HolderFacts(
        Text("Сәрсенова Әйгерім Қуанышқызы", "Сарсенова Айгерим Куанышевна"), "900101400123", False, SITE
    ),
    number="2018/7",
    dated=date(2018, 7, 16),
    service=Text(
        "Медициналық білімі бар мамандарды аттестаттау", "Аттестация специалистов с медицинским образованием"
    ),
    site="Казталов ауданы, Жалпақтал ауылы, дәріхана пункті",
    passed=True,
    test_score=27,
    test_most=30,
    interview=Text("Сұрақтарға толық жауап берді", "Ответил на все вопросы"),
    members=(
        MemberFacts(Text("Ержанов Нұрлан Сәкенұлы", "Ержанов Нурлан Сакенович"), "for"),
        MemberFacts(Text("Қалиева Мәдина Асқарқызы", "Калиева Мадина Аскаровна"), "for"),
        MemberFacts(Text("Оспанов Дәурен Ғалымұлы", "Оспанов Даурен Галымович"), "abstained"),
    ),
    secretary=Text("Мұратова Гүлжан Болатқызы", "Муратова Гульжан Болатовна"),
    note=Text("", ""),
    **CASE,
)

DECISION = replace(
    COMMISSION,
    signer=HEAD,
    decision_number="2018/9",
    decided_on=date(2018, 7, 18),
    status_url="https://status.ruqsat.invalid/l/2018%2F9",
)

ORDINARY: dict[DocumentKind, Any] = {
    DocumentKind.NOTICE: NoticeFacts(
        office=DEMO,
        signer=HEAD,
        holder=HOLDER,
        number="2018-05/19",
        dated=date(2018, 7, 3),
        service=SERVICE,
        heading=Text("Тіркеуден бас тарту туралы хабарлама", "Уведомление об отказе в прикреплении"),
        body=Text("Сіздің өтінішіңіз қабылданбады.", "Ваше заявление отклонено."),
        why=Text("Деректер сәйкес келмейді", "Данные не совпадают"),
        items=(Text("Сертификаттың мерзімі өткен", "Срок сертификата истёк"),),
        **CASE,
    ),
    DocumentKind.ATTESTATION: DECISION,
    DocumentKind.PROTOCOL: COMMISSION,
    DocumentKind.LICENCE: LICENCE,
    DocumentKind.REFUSAL: RefusalFacts(
        office=DEMO,
        signer=HEAD,
        holder=HOLDER,
        number="2018-05/17",
        dated=date(2018, 7, 20),
        service=SERVICE,
        grounds=(
            GroundFacts(Text("Біліктілік талаптарына сәйкес емес", "Не соответствует требованиям"), "10"),
        ),
        unmet=(GroundFacts(Text("Медициналық жабдық жоқ", "Отсутствует медицинское оборудование"), "2"),),
        note=Text("Қосымша түсініктеме", "Дополнительное пояснение"),
        status_url="https://status.ruqsat.invalid/l/2018-05%2F17",
        answers=(
            AnswerFacts(
                Text("Қоғамдық денсаулық сақтау департаменті", "Департамент охраны общественного здоровья"),
                "24-11/7",
                date(2018, 7, 10),
            ),
        ),
        **CASE,
    ),
    DocumentKind.TERMINATION: TerminationFacts(
        office=DEMO,
        signer=HEAD,
        holder=HOLDER,
        number="2018-05/18",
        dated=date(2018, 7, 3),
        service=SERVICE,
        unmet=(
            UnmetPaper(Text("Төлем құжаты", "Документ об оплате"), "9", "missing", None, ""),
            UnmetPaper(
                Text("Маман сертификаты", "Сертификат специалиста"),
                "9",
                "expired",
                date(2018, 6, 1),
                "А № 12",
            ),
        ),
        **CASE,
    ),
    DocumentKind.RECEIPT: ReceiptFacts(
        office=DEMO,
        holder=HOLDER,
        number="2018-000147",
        received_at=datetime(2018, 6, 29, 16, 50, tzinfo=ORAL),
        due_at=datetime(2018, 7, 23, 18, 30, tzinfo=ORAL),
        hand_over_by=datetime(2018, 7, 20, 18, 30, tzinfo=ORAL),
        service=SERVICE,
        channel=Text("Мемлекеттік корпорация", "Государственная корпорация"),
        inventory=(
            InventoryLine(Text("Өтініш", "Заявление"), 2, True),
            InventoryLine(Text("Мәліметтер нысаны", "Форма сведений"), 7, True),
            InventoryLine(Text("Сенімхат", "Доверенность"), 0, False),
        ),
        representative="Сәрсенова Әйгерім Қуанышқызы",
        clerk=CLERK,
    ),
    DocumentKind.ACCEPTANCE_REFUSAL: AcceptanceRefusalFacts(
        office=DEMO,
        holder=HOLDER,
        number="2018-Б/4",
        dated=datetime(2018, 6, 29, 10, 5, tzinfo=ORAL),
        service=SERVICE,
        missing=(Text("Төлем құжаты", "Документ об оплате"),),
        reason="Құжаттар топтамасы толық емес",
        clerk=CLERK,
    ),
    DocumentKind.REQUEST: RequestFacts(
        office=DEMO,
        signer=HEAD,
        holder=HOLDER,
        number="2018-05/16",
        dated=date(2018, 7, 2),
        addressee=Text("Қоғамдық денсаулық сақтау департаменті", "Департамент охраны общественного здоровья"),
        service=SERVICE,
        sub_types=KINDS,
        site=SITE,
        answer_by=date(2018, 7, 16),
        **CASE,
    ),
}


def changed(facts: Any, **values: Any) -> Any:
    """Return ``facts`` with those of ``values`` its kind of paper knows."""
    return replace(facts, **{name: value for name, value in values.items() if hasattr(facts, name)})


_LONG_KK = "«Қоғамдық денсаулық сақтау және амбулаториялық-емханалық көмек көрсету орталығы» кәсіпорны " * 4
_LONG_RU = "Казённое предприятие «Центр амбулаторно-поликлинической помощи и охраны здоровья» " * 4


def longest(facts: Any) -> Any:
    """Names of 300 characters, eighty sub-types, an acting head."""
    return changed(
        facts,
        holder=replace(
            HOLDER, name=Text(_LONG_KK[:300], _LONG_RU[:300]), address="Батыс Қазақстан облысы, " * 12
        ),
        sub_types=tuple(Text(f"{n}. Хирургия және сәулелік ем", f"{n}. Хирургия") for n in range(1, 81)),
        site="Орал қаласы, " * 20,
        signer=ACTING,
    )


def unbreakable(facts: Any) -> Any:
    """Single words of up to 300 letters wherever a person may type."""
    return changed(
        facts,
        holder=HolderFacts(Text("Ұ" * 300, "Щ" * 300), "950101300123", False, "Ы" * 300),
        sub_types=(Text("Т" * 200, "Ш" * 200),),
        site="W" * 300,
        number="N" * 60,
        signer=SignerFacts(Text("Қ" * 120, "Ж" * 120), Text("Б" * 150, "Ф" * 150), "М" * 80),
        status_url="https://status.ruqsat.invalid/l/" + "N" * 200,
        clerk=Text("Ж" * 200, "Щ" * 200),
        representative="Ө" * 200,
        reason="Ә" * 500,
        addressee=Text("Д" * 200, "Ю" * 200),
        note=Text("Ң" * 300, "Ы" * 300),
    )
