"""The conditions an incoming package is held to (001 item 11, 002 items 6-8: conditions 1-3), and how a paper words them.

Which act of the map a condition belongs to decides which refusal the regulation names for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from desktop.regulation.model import Act, Operation, Service, Text
from desktop.regulation.systems import Connection, System


class Check(StrEnum):
    """In the order of the acts: the first that fails names the refusal."""

    SIGNATURE = "signature"  # the request, and by it every file, is what was signed
    CERTIFICATE = "certificate"  # in date when signing, for signing, leads to a trusted authority
    REVOCATION = "revocation"
    IDENTITY = "identity"  # ИИН/БИН in the request = in the certificate
    APPLICANT = "applicant"  # the state database knows him
    FEE = "fee"
    PAPERS = "papers"


ACTS: Mapping[Check, Act] = {
    Check.SIGNATURE: Act.CHECK_SIGNATURE,
    Check.CERTIFICATE: Act.CHECK_SIGNATURE,
    Check.REVOCATION: Act.CHECK_SIGNATURE,
    Check.IDENTITY: Act.CHECK_SIGNATURE,
    Check.APPLICANT: Act.LOOK_UP,
    Check.FEE: Act.PAY,
    Check.PAPERS: Act.CHECK_PACKAGE,
}


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"  # nobody could be asked, or not by this program: a person decides
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Found:
    """``code`` says what was found, ``facts`` with what (pairs, as a window shows them)."""

    check: Check
    verdict: Verdict
    code: str
    facts: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "check": self.check.value,
            "verdict": self.verdict.value,
            "code": self.code,
            "facts": dict(self.facts),
        }


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the office knows: its law, its rates, whom it trusts, how systems are reached, what time it is there."""

    regulation_sha256: str
    service: Service
    operation: Operation
    rates: tuple[tuple[date, int], ...]
    trust_roots: tuple[str, ...] = field(repr=False)
    connections: Mapping[System, Connection]
    now: datetime
    office_bin: str
    file_limit: int
    ocsp_address: str = ""  # of the service that answers about one certificate; "": nobody is asked that way


def from_json(told: Mapping[str, object]) -> Found:
    """Return what :meth:`Found.as_json` gave."""
    facts = told["facts"]
    assert isinstance(facts, Mapping)
    return Found(
        Check(str(told["check"])),
        Verdict(str(told["verdict"])),
        str(told["code"]),
        tuple((str(name), str(value)) for name, value in facts.items()),
    )


def first_failed(found: Iterable[Found]) -> Found | None:
    """Return the failed condition that names the refusal."""
    order = list(Check)
    failed = sorted(
        (one for one in found if one.verdict is Verdict.FAILED), key=lambda one: order.index(one.check)
    )
    return failed[0] if failed else None


WORDS: Mapping[str, Text] = {
    "package-signature-missing": Text("Сұрау салуға қол қойылмаған.", "Запрос не подписан."),
    "package-signature-broken": Text(
        "Сұрау салудағы ЭЦҚ түпнұсқалығы расталмады: мәтін қол қойылғаннан кейін өзгерген.",
        "Подлинность ЭЦП запроса не подтверждена: текст изменён после подписания.",
    ),
    "package-file-changed": Text(
        "Қоса берілген файл қол қойылған файлмен сәйкес келмейді: {file}.",
        "Приложенный файл не совпадает с подписанным: {file}.",
    ),
    "package-certificate-out-of-date": Text(
        "ЭЦҚ тіркеу куәлігінің қолданылу мерзімі қол қою сәтінде басталмаған немесе өтіп кеткен.",
        "Срок действия регистрационного свидетельства ЭЦП в момент подписания не начался или истёк.",
    ),
    "package-certificate-not-for-signing": Text(
        "Тіркеу куәлігі қол қоюға арналмаған.",
        "Регистрационное свидетельство не предназначено для подписания.",
    ),
    "package-certificate-untrusted": Text(
        "Тіркеу куәлігін мекеме сенім білдірген куәландырушы орталық бермеген.",
        "Регистрационное свидетельство выдано не тем удостоверяющим центром, которому доверяет учреждение.",
    ),
    "package-signed-in-future": Text(
        "Қол қою уақыты болашақта көрсетілген.", "Время подписания указано в будущем."
    ),
    "package-certificate-revoked": Text(
        "Тіркеу куәлігі қайтарып алынған (күшін жойған) куәліктердің тізімінде тұр.",
        "Регистрационное свидетельство находится в списке отозванных (аннулированных).",
    ),
    "package-identity-other": Text(
        "Сұрау салудағы ЖСН/БСН ЭЦҚ тіркеу куәлігіндегі ЖСН/БСН-мен сәйкес келмейді.",
        "ИИН/БИН в запросе не совпадает с ИИН/БИН в регистрационном свидетельстве ЭЦП.",
    ),
    "package-operator-unknown": Text(
        "Қол қойған адам ұйымның өкілі емес.", "Подписавший не является работником организации."
    ),
    "package-applicant-unknown": Text(
        "Мемлекеттік дерекқорда көрсетілген ЖСН/БСН бойынша деректер жоқ.",
        "В государственной базе данных нет данных по указанному ИИН/БИН.",
    ),
    "package-fee-not-paid": Text(
        "Лицензиялық алымның төленгені расталмады.", "Оплата лицензионного сбора не подтверждена."
    ),
    "package-fee-too-low": Text(
        "Төленген сома ({paid} теңге) тиісті алымнан ({due} теңге) аз.",
        "Уплаченная сумма ({paid} тенге) меньше причитающегося сбора ({due} тенге).",
    ),
    "package-papers-missing": Text(
        "Стандартта көзделген құжаттар ұсынылмаған:", "Не представлены документы, предусмотренные стандартом:"
    ),
}
"""How a refusal words what was found; ``{…}`` are facts."""


def worded(found: Found) -> Text | None:
    """Return the sentence for the paper; None for what no paper tells."""
    words = WORDS.get(found.code)
    if words is None:
        return None
    facts = dict(found.facts)
    return Text(_filled(words.kk, facts), _filled(words.ru, facts))


def _filled(words: str, facts: Mapping[str, str]) -> str:
    for name, value in facts.items():
        words = words.replace("{" + name + "}", value)
    return words
