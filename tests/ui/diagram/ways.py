"""Operations of every shape the acts have, to be drawn: a portal with eleven steps outside, a commission, two branches, circles."""

from desktop.regulation.loader import load_text, shipped
from desktop.regulation.model import Channel, Operation

_STEP = """
[[service.operation.step]]
id = "{id}"
title = {{ kk = "{kk}", ru = "{ru}" }}
act = "{act}"
role = "{role}"
role_title = {{ kk = "{role_kk}", ru = "{role_ru}" }}
clause = "{clause}"
{term}
{more}
"""
_OUTCOME = """
[[service.operation.step.outcome]]
id = "{id}"
title = {{ kk = "{kk}", ru = "{ru}" }}
effect = "{effect}"
next = "{next}"
{more}
"""
_HEAD = """
id = "drawn"
version = "1"
act_number = "432"
act_date = 2012-12-29
title = {{ kk = "Мемлекеттік қызмет регламенті", ru = "Регламент государственной услуги" }}
[[service]]
id = "drawn"
title = {{ kk = "Медициналық қызметке лицензия беру", ru = "Выдача лицензии на медицинскую деятельность" }}
kind = "{kind}"
licence_activity = {{ kk = "Қызмет", ru = "Деятельность" }}
licence_conditions = {{ kk = "Шарт", ru = "Условие" }}
[[service.operation]]
id = "drawn"
kind = "{operation}"
title = {{ kk = "Лицензия беру", ru = "Выдача лицензии" }}
channels = ["portal"]
[[service.operation.total_term]]
term = {{ value = 15, unit = "working_day" }}
clause = "16"
"""
_ROLES = {
    "applicant": ("көрсетілетін қызметті алушы", "потребитель (услугополучатель)"),
    "system": ("«электрондық үкіметтің» порталы (ЭҮП)", "портал «электронного правительства» (ПЭП)"),
    "gateway": ("«электрондық үкіметтің» төлем шлюзі (ЭҮТШ)", "платёжный шлюз «электронного правительства» (ПШЭП)"),
    "licensing": ("«Е-лицензиялау» МДБ АЖ", "информационная система ГБД «Е-лицензирование»"),
    "phc": ("МСАК ұйымының уәкілетті қызметкері", "уполномоченный сотрудник организации ПМСП"),
    "clerk": ("көрсетілетін қызметті берушінің кеңсе қызметкері", "сотрудник канцелярии услугодателя"),
    "head": ("көрсетілетін қызметті берушінің басшысы", "руководитель услугодателя"),
    "department_head": ("бөлім басшысы", "руководитель отдела"),
    "executor": ("жауапты орындаушы", "ответственный исполнитель"),
    "commission_secretary": ("аттестаттау комиссиясының хатшысы", "секретарь аттестационной комиссии"),
    "commission": ("аттестаттау комиссиясы", "аттестационная комиссия"),
    "department_employee": ("денсаулық сақтау басқармасының қызметкері", "сотрудник управления здравоохранения"),
}  # fmt: skip
_MODEL_ROLE = {"gateway": "system", "licensing": "system", "phc": "phc_employee"}
NOTICE = 'produces = "notice"\nheading = { kk = "Хабарлама", ru = "Уведомление" }'


def step(name, act, role, kk, ru, term, *outcomes, clause="6", more=""):
    """Return a step in TOML; an outcome is (id, effect, next, kk, ru, more)."""
    role_kk, role_ru = _ROLES[role]
    amount, _, unit = term.partition(" ")
    low, _, high = amount.partition("-")
    said = f"min = {low}, max = {high}" if high else f"value = {low}"
    text = _STEP.format(
        id=name, kk=kk, ru=ru, act=act, role=_MODEL_ROLE.get(role, role), role_kk=role_kk, role_ru=role_ru,
        clause=clause, term=f'term = {{ {said}, unit = "{unit}" }}' if term else "no_term = true", more=more,
    )  # fmt: skip
    for out in outcomes:
        name, effect, leads, out_kk, out_ru, *rest = out
        text += _OUTCOME.format(id=name, kk=out_kk, ru=out_ru, effect=effect, next=leads, more="".join(rest))
    return text


def told(name, kk, ru, term, role="system"):
    return step(name, "notify", role, kk, ru, term, (f"{name}-told", "told", "end", "Хабарланды", "Сообщено"))


def _read(steps: str, *, kind="licence", operation="issue", after="") -> Operation:
    text = _HEAD.format(kind=kind, operation=operation) + steps + after
    return load_text(text, name="drawn.toml").services[0].operations[0]


def wko() -> Operation:
    (text,) = (text for name, text in shipped() if name == "wko-2018-139.toml")
    return load_text(text, name="wko").service("medical").operation("issue")


def portal() -> Operation:
    """Atyrau's portal: eleven steps outside, three of them refusals, then the office."""
    return _read(
        step("p1", "log_in", "applicant", "ЭЦҚ тіркеу куәлігін браузерге тіркеу және авторизациялау", "Прикрепление в браузер регистрационного свидетельства ЭЦП, авторизация", "10-15 second",
             ("ok", "forward", "p3", "Деректер дұрыс", "Данные верны"),
             ("bad", "reject", "p2", "Деректерде бұзушылықтар бар", "В данных есть нарушения"), clause="6(1)")
        + told("p2", "Авторизациядан бас тарту туралы хабарлама", "Сообщение об отказе в авторизации", "20 second")
        + step("p3", "fill_in", "applicant", "Қызметті таңдау, сұраныс нысанын толтыру, электрондық құжаттарды тіркеу", "Выбор услуги, заполнение формы запроса, прикрепление электронных документов", "2 minute",
               ("on", "forward", "p4", "Әрі қарай", "Далее"))
        + step("p4", "pay", "gateway", "Қызмет ақысын төлеу", "Оплата услуги", "2 minute",
               ("unpaid", "reject", "p5", "Төленбеді", "Не оплачено"), ("paid", "forward", "p6", "Төленді", "Оплачено"))
        + told("p5", "Төлем болмауына байланысты бас тарту", "Отказ: нет оплаты", "20 second", "licensing")
        + step("p6", "fill_in", "applicant", "Қол қою үшін ЭЦҚ таңдау", "Выбор ЭЦП для подписания", "10-15 second",
               ("on", "forward", "p6c", "Әрі қарай", "Далее"))
        + step("p6c", "check_signature", "system", "ЭЦҚ тексеру: мерзімі, кері қайтарылмағаны, ЖСН/БСН сәйкестігі", "Проверка ЭЦП: срок, отсутствие в списке отозванных, соответствие ИИН/БИН", "10-15 second",
               ("bad", "reject", "p7", "ЭЦҚ расталмады", "ЭЦП не подтверждена"), ("good", "forward", "p8", "ЭЦҚ расталды", "ЭЦП подтверждена"))
        + told("p7", "ЭЦҚ расталмауына байланысты бас тарту", "Отказ: ЭЦП не подтверждена", "10-15 second")
        + step("p8", "submit", "applicant", "Сұранысқа қол қою", "Подписание запроса", "2 minute",
               ("on", "forward", "p9", "Әрі қарай", "Далее"))
        + step("p9", "submit", "licensing", "Электрондық құжатты тіркеу және өтінішке нөмір беру", "Регистрация электронного документа и присвоение номера", "2 minute",
               ("on", "forward", "decide", "Әрі қарай", "Далее"))
        + step("decide", "decide", "executor", "Біліктілік талаптарын тексеру", "Проверка квалификационных требований", "15 working_day",
               ("grant", "grant", "sign", "Лицензияны ресімдеу", "Оформить лицензию", 'produces = "licence"'),
               ("refuse", "refuse", "p10", "Талаптарға сәйкес емес: бас тарту", "Не соответствует требованиям: отказать", 'produces = "refusal"'))
        + told("p10", "Бұзушылықтарға байланысты бас тарту туралы хабарлама", "Сообщение об отказе в связи с нарушениями", "20 second", "licensing")
        + step("sign", "sign", "head", "ЭЦҚ-мен қол қою", "Подписание ЭЦП уполномоченного лица", "3 hour",
               ("signed", "signed", "p11", "Қол қойылды", "Подписано"))
        + step("p11", "hand_out", "licensing", "Электрондық лицензияны «жеке кабинетке» жіберу", "Электронная лицензия в «личный кабинет»", "20 second",
               ("got", "delivered", "end", "Алынды", "Получено")),
        after='\n[[service.operation.note]]\nwhere = "decide"\ntext = { kk = "Кестеде жалпы мерзім жоқ: № 173 қаулыдағы кесте алынды.", ru = "В сохранившейся таблице общего срока нет: взята таблица казахского двойника регламента." }\n',
    )  # fmt: skip


def attestation() -> Operation:
    return _read(
        step("reg", "accept", "clerk", "Құжаттарды қабылдау және тіркеу", "Приём и регистрация документов", "30 minute",
             ("on", "forward", "pass", "Басшыға жолдау", "Направить руководителю", 'produces = "receipt"'), clause="5(1)")
        + step("pass", "assign", "head", "Құжаттарды қарау", "Рассмотрение документов", "1 working_day",
               ("on", "forward", "check", "Комиссия хатшысына беру", "Передать секретарю комиссии"), clause="5(2)")
        + step("check", "check", "commission_secretary", "Құжаттардың толықтығын тексеру", "Проверка полноты и соответствия документов", "2 working_day",
               ("full", "complete", "attest", "Комиссияға жіберу", "Направить в комиссию"),
               ("lack", "incomplete", "end", "Толық емес: одан әрі қараудан дәлелді бас тарту", "Неполные: мотивированный отказ в дальнейшем рассмотрении", 'produces = "termination"'), clause="5(3)")
        + step("attest", "attest", "commission", "Аттестаттау: тестілеу және әңгімелесу", "Аттестация: тестирование и собеседование", "10 working_day",
               ("yes", "passed", "hand", "Аттестатталды", "Аттестован", 'produces = "attestation"'),
               ("no", "failed", "hand", "Аттестатталмады", "Не аттестован", 'produces = "attestation"'), clause="5(4)")
        + step("hand", "deliver", "commission_secretary", "Нәтижені беру", "Выдача результата", "1 working_day",
               ("given", "delivered", "end", "Берілді", "Выдано"), clause="5(5)"),
        kind="attestation", operation="attest",
    )  # fmt: skip


def attachment() -> Operation:
    """The PHC branch: what the employee accepts goes to the department, what either declines ends in a notice."""
    return _read(
        step("in", "log_in", "applicant", "ЖСН мен пароль арқылы кіру", "Вход по ИИН и паролю", "1 minute",
             ("ok", "forward", "fill", "Кірді", "Вошёл"), ("bad", "reject", "no-in", "Дұрыс емес", "Неверно"))
        + told("no-in", "Авторизациядан бас тарту", "Отказ в авторизации", "30 second")
        + step("fill", "fill_in", "applicant", "Нысанды толтыру", "Заполнение формы", "2 minute",
               ("on", "forward", "zone", "Жіберу", "Отправить"))
        + step("zone", "look_up", "licensing", "Таңдалған МҰ пилоттық аймақта ма?", "Выбранная МО в пилотной зоне ЕИСЗ?", "5 minute",
               ("yes", "forward", "check", "МСС тармағы", "Ветвь МСС"), ("rpn", "forward", "check", "РПН тармағы", "Ветвь РПН"))
        + step("check", "resolve", "phc", "Бекітілу өтінішін қарау", "Рассмотрение заявления о прикреплении", "1 working_day",
               ("no", "declined", "end", "Себебін көрсетіп бас тарту", "Отклонить с указанием причины", NOTICE),
               ("yes", "accepted", "decide", "УЗ-ға сұраныс жасау", "Сформировать запрос в УЗ"), clause="8(1)")
        + step("decide", "resolve", "department_employee", "Бекітілу туралы шешім", "Решение о прикреплении", "1 working_day",
               ("no", "declined", "end", "Бас тарту", "Отказать", NOTICE),
               ("yes", "accepted", "end", "Бекіту", "Прикрепить", NOTICE), clause="9(1)"),
        kind="attachment", operation="attach",
    )  # fmt: skip


def circling() -> Operation:
    """A decision that may propose a refusal, hear the applicant and decide anew; returns for rework from two places."""
    return _read(
        step("reg", "accept", "clerk", "Тіркеу", "Регистрация", "15 minute", ("on", "forward", "visa", "Әрі", "Далее"))
        + step("visa", "approve", "department_head", "Бұрыштама", "Виза", "3 hour", ("on", "forward", "decide", "Әрі", "Далее"))
        + step("decide", "decide", "executor", "Шешім", "Решение", "10 working_day",
               ("grant", "grant", "sign", "Беру", "Выдать", 'produces = "licence"'),
               ("hear", "propose_refusal", "hearing", "Алдын ала бас тарту", "Предварительный отказ", NOTICE),
               ("refuse", "refuse", "sign", "Бас тарту", "Отказать", 'produces = "refusal"'))
        + step("hearing", "hear", "executor", "Тыңдау", "Заслушивание заявителя", "2 working_day",
               ("heard", "forward", "decide", "Тыңдалды", "Заслушан"))
        + step("sign", "sign", "head", "Қол қою", "Подписание", "3 hour", ("signed", "signed", "give", "Әрі", "Далее"))
        + step("give", "deliver", "clerk", "Беру", "Выдача", "3 hour", ("given", "delivered", "end", "Берілді", "Выдано")),
        after='\n[[service.operation.office_move]]\nmove = "return_for_rework"\nroles = ["head"]\nsteps = ["sign"]\nnext = "decide"\n',
    )  # fmt: skip


ALL = {
    "wko": (wko, Channel.OFFICE),
    "portal": (portal, Channel.PORTAL),
    "attestation": (attestation, Channel.PORTAL),
    "attachment": (attachment, Channel.PORTAL),
    "circling": (circling, Channel.PORTAL),
}
