"""The closed lists that code may know of a regulation: acts, roles, effects, units, channels, papers a program can draw."""

from enum import StrEnum


class Role(StrEnum):
    """Who acts. The pack maps the act's own titles onto these; the last two exist only in the office."""

    CLERK = "clerk"
    HEAD = "head"
    DEPARTMENT_HEAD = "department_head"
    EXECUTOR = "executor"
    COMMISSION_SECRETARY = "commission_secretary"
    COMMISSION = "commission"
    STATE_BODY = "state_body"
    CENTRE_OPERATOR = "centre_operator"
    PHC_EMPLOYEE = "phc_employee"
    DEPARTMENT_EMPLOYEE = "department_employee"
    APPLICANT = "applicant"
    SYSTEM = "system"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class ServiceKind(StrEnum):
    """What the service gives; the program chooses its registers by it."""

    LICENCE = "licence"
    ATTESTATION = "attestation"
    ATTACHMENT = "attachment"  # of a person to an organisation of primary care


OF_PERSONS = frozenset({ServiceKind.ATTESTATION, ServiceKind.ATTACHMENT})
"""What an individual applies for, about himself; everything else an organisation in the first place."""


class OperationKind(StrEnum):
    """What the operation does to the register of results."""

    ISSUE = "issue"
    REISSUE = "reissue"  # a licence there is gets another holder, name or address
    DUPLICATE = "duplicate"  # the same licence on paper once more
    ATTEST = "attest"
    ATTACH = "attach"


class Act(StrEnum):
    """What a step *is*. The program chooses its form, its rights and its papers by this alone."""

    ACCEPT = "accept"  # take in, register, send on
    ASSIGN = "assign"  # visa: choose who does the next step
    APPROVE = "approve"  # visa without choosing anybody
    CHECK = "check"  # completeness of the papers
    ASK = "ask"  # wait for another authority's answer
    DECIDE = "decide"  # examine against the requirements, draft the result
    SIGN = "sign"  # electronic signature on the drafted result
    DELIVER = "deliver"  # print, hand over, close
    ATTEST = "attest"  # test, interview, votes, protocol: the commission decides
    RESOLVE = "resolve"  # accept the request or decline it with a reason
    HEAR = "hear"  # the applicant is heard before an unfavourable decision
    # what people and systems outside the office do: the law's map, where no case of the office ever stands
    LOG_IN = "log_in"
    FILL_IN = "fill_in"  # the service chosen, the form filled in, copies attached
    LOOK_UP = "look_up"  # a question to a state database
    PAY = "pay"
    CHECK_SIGNATURE = "check_signature"  # the certificate is in date, not revoked, of the same person
    CHECK_PACKAGE = "check_package"  # the papers are complete
    SUBMIT = "submit"  # signed, sent, routed, numbered by another system
    NOTIFY = "notify"  # a message to the applicant
    HAND_OUT = "hand_out"  # the result reaches the applicant's hands


MAP_ACTS = frozenset(
    {
        Act.LOG_IN,
        Act.FILL_IN,
        Act.LOOK_UP,
        Act.PAY,
        Act.CHECK_SIGNATURE,
        Act.CHECK_PACKAGE,
        Act.SUBMIT,
        Act.NOTIFY,
        Act.HAND_OUT,
    }
)
"""Acts of the law's map: shown and drawn, never a step a case of the office stands at."""


class Effect(StrEnum):
    """What an outcome *means*. The outcome's own id and wording belong to the pack."""

    FORWARD = "forward"  # registered, visa given: simply goes on
    COMPLETE = "complete"  # papers complete -> a request or the next step
    INCOMPLETE = "incomplete"  # papers incomplete or expired -> consideration is terminated
    CONFORMS = "conforms"
    DOES_NOT_CONFORM = "does_not_conform"
    NO_ANSWER = "no_answer"  # silence in time: deemed agreed
    GRANT = "grant"  # draft of the licence
    REFUSE = "refuse"  # draft of the reasoned refusal
    SIGNED = "signed"
    DELIVERED = "delivered"
    PROPOSE_REFUSAL = "propose_refusal"  # the applicant is heard before it becomes one
    PASSED = "passed"
    FAILED = "failed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REJECT = "reject"  # on the map: a condition is not met
    TOLD = "told"  # on the map: the message has reached the applicant


class OfficeMove(StrEnum):
    """Moves the act leaves to the office; each pack declares where they are open ([I])."""

    RETURN_FOR_REWORK = "return_for_rework"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    REASSIGN = "reassign"


class Unit(StrEnum):
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"


class Channel(StrEnum):
    OFFICE = "office"  # the counter
    STATE_CORPORATION = "state_corporation"
    SERVICE_CENTRE = "service_centre"  # ХҚКО/ЦОН: what came before the State corporation
    PROVIDER = "provider"  # the office's own employee enters it for the applicant
    PORTAL = "portal"


CENTRES = frozenset({Channel.STATE_CORPORATION, Channel.SERVICE_CENTRE})
"""Channels that take the papers in elsewhere and give the result out there."""
COUNTERS = frozenset({Channel.OFFICE, Channel.PROVIDER})
"""Channels of the office's own counter: received is when it is registered."""


class DocumentKind(StrEnum):
    """Papers the program can draw."""

    LICENCE = "licence"
    REFUSAL = "refusal"
    TERMINATION = "termination"
    RECEIPT = "receipt"
    ACCEPTANCE_REFUSAL = "acceptance_refusal"
    REQUEST = "request"
    ATTESTATION = "attestation"  # the commission's decision, for the specialist
    PROTOCOL = "protocol"  # of the commission's meeting
    NOTICE = "notice"  # a message with a heading of the act's own, and a reason


class ProvisionKind(StrEnum):
    """What an item of the act speaks of that is no step, term, fee or paper."""

    REGISTRATION = (
        "registration"  # numbers and days of the decree in the registers of the ministry of justice
    )
    BASIS = "basis"  # laws, standards, earlier decrees it rests on
    FORCE = "force"  # publication, control, entry into force
    DEFINITION = "definition"
    INTAKE = "intake"  # who gives the service, where it is asked for, how far it is automated
    APPLICATION = "application"  # what it begins with, and who gives what
    PAYMENT = "payment"
    PARTICIPANTS = "participants"
    SCREEN = "screen"  # forms and buttons of the portal
    COMPLETION = "completion"  # what an action ends with (data, document)
    WAITING = "waiting"  # how long one may be kept waiting
    RESULT = "result"
    OUTPUT_FORM = "output_form"
    REQUIREMENT = "requirement"  # of the process
    CONDITION = "condition"  # technical
    DIAGRAM = "diagram"
    SURVEY = "survey"
    INFORMATION = "information"
    APPEAL = "appeal"


class FieldKind(StrEnum):
    """Of a field of the application that the act asks for besides the usual ones."""

    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    LICENCE = "licence"  # the number of a licence there is
