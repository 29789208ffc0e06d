"""Names of the closed lists in the reader's language: roles, channels, kinds of paper, units of time."""

import re

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.regulation import marks
from desktop.regulation.model import Channel, DocumentKind, Role, Unit

ROLES: dict[Role, str] = {
    Role.CLERK: QT_TRANSLATE_NOOP("Role", "Clerk"),
    Role.HEAD: QT_TRANSLATE_NOOP("Role", "Head"),
    Role.DEPARTMENT_HEAD: QT_TRANSLATE_NOOP("Role", "Head of department"),
    Role.EXECUTOR: QT_TRANSLATE_NOOP("Role", "Executor"),
    Role.COMMISSION_SECRETARY: QT_TRANSLATE_NOOP("Role", "Secretary of the commission"),
    Role.COMMISSION: QT_TRANSLATE_NOOP("Role", "Commission"),
    Role.STATE_BODY: QT_TRANSLATE_NOOP("Role", "Other state body"),
    Role.CENTRE_OPERATOR: QT_TRANSLATE_NOOP("Role", "Operator of the service centre"),
    Role.PHC_EMPLOYEE: QT_TRANSLATE_NOOP("Role", "Employee of primary care"),
    Role.DEPARTMENT_EMPLOYEE: QT_TRANSLATE_NOOP("Role", "Employee of the department"),
    Role.APPLICANT: QT_TRANSLATE_NOOP("Role", "Applicant"),
    Role.SYSTEM: QT_TRANSLATE_NOOP("Role", "Program"),
    Role.ADMINISTRATOR: QT_TRANSLATE_NOOP("Role", "Administrator"),
    Role.AUDITOR: QT_TRANSLATE_NOOP("Role", "Auditor"),
}
CHANNELS: dict[Channel, str] = {
    Channel.OFFICE: QT_TRANSLATE_NOOP("Channel", "Counter"),
    Channel.STATE_CORPORATION: QT_TRANSLATE_NOOP("Channel", "State corporation"),
    Channel.SERVICE_CENTRE: QT_TRANSLATE_NOOP("Channel", "Service centre"),
    Channel.PROVIDER: QT_TRANSLATE_NOOP("Channel", "Entered by the office"),
    Channel.PORTAL: QT_TRANSLATE_NOOP("Channel", "Portal"),
}
KINDS: dict[DocumentKind, str] = {
    DocumentKind.LICENCE: QT_TRANSLATE_NOOP("DocumentKind", "Licence"),
    DocumentKind.REFUSAL: QT_TRANSLATE_NOOP("DocumentKind", "Reasoned refusal"),
    DocumentKind.TERMINATION: QT_TRANSLATE_NOOP("DocumentKind", "Notice of termination"),
    DocumentKind.RECEIPT: QT_TRANSLATE_NOOP("DocumentKind", "Receipt of acceptance"),
    DocumentKind.ACCEPTANCE_REFUSAL: QT_TRANSLATE_NOOP("DocumentKind", "Refusal to accept"),
    DocumentKind.REQUEST: QT_TRANSLATE_NOOP("DocumentKind", "Request"),
    DocumentKind.ATTESTATION: QT_TRANSLATE_NOOP("DocumentKind", "Decision of the commission"),
    DocumentKind.PROTOCOL: QT_TRANSLATE_NOOP("DocumentKind", "Protocol of the commission"),
    DocumentKind.NOTICE: QT_TRANSLATE_NOOP("DocumentKind", "Notice"),
}
UNITS: dict[Unit, str] = {
    Unit.SECOND: QT_TRANSLATE_NOOP("Unit", "%n second(s)"),
    Unit.MINUTE: QT_TRANSLATE_NOOP("Unit", "%n minute(s)"),
    Unit.HOUR: QT_TRANSLATE_NOOP("Unit", "%n hour(s)"),
    Unit.WORKING_DAY: QT_TRANSLATE_NOOP("Unit", "%n working day(s)"),
    Unit.CALENDAR_DAY: QT_TRANSLATE_NOOP("Unit", "%n calendar day(s)"),
}


def role_name(role: Role) -> str:
    return QCoreApplication.translate("Role", ROLES[role])


def channel_name(channel: Channel) -> str:
    return QCoreApplication.translate("Channel", CHANNELS[channel])


def kind_name(kind: DocumentKind) -> str:
    return QCoreApplication.translate("DocumentKind", KINDS[kind])


def term_words(term: str) -> str:
    """Return "15 minutes" for a RouteStop's "15 minute", "2-4 working days" for "2-4 working_day"; "" for ""."""
    number, _, unit = term.rpartition(" ")
    if not number:
        return term
    last = number.rpartition("-")[2]
    whole, _, half = last.partition(".")
    if half:  # "1,5 минуты": a fraction is worded as two are
        said = QCoreApplication.translate("Unit", UNITS[Unit(unit)], "", 2)
        return said.replace("2", f"{whole},{half}", 1)
    said = QCoreApplication.translate("Unit", UNITS[Unit(unit)], "", int(last))
    return said.replace(last, number, 1)


_ITEM = QT_TRANSLATE_NOOP("Words", "item {clause}")
_ITEM_NUMBER = re.compile(r"\d+(\(\d+\))?(?![\w-])")


def cited_item(clause: str) -> str:
    """Return "item 5(4)" for "5(4); [K]": the act's own numbering without the marks of its readers; "" for a mark alone."""
    known = " ".join(marks.cited(clause).split())
    number = _ITEM_NUMBER.match(known)
    if number is None:
        return known
    return QCoreApplication.translate("Words", _ITEM).format(clause=number[0]) + known[number.end() :]
