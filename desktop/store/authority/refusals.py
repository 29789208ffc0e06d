"""Why the database refuses: the closed list of its own SQLSTATEs.

Each reason has one code, raised by the guards in ``sql/``. ``told`` is the program's code for the same thing, where its
own guards say it too; whatever else is refused came past the program, and is told as "database-says-no".
"""

from dataclasses import dataclass

SAYS_NO = "database-says-no"


@dataclass(frozen=True, slots=True)
class Refusal:
    """``meaning`` is the server's message, in the words of its log."""

    meaning: str
    told: str = SAYS_NO


REFUSALS: dict[str, Refusal] = {
    "LC001": Refusal("rows of the journal are added and never changed"),
    # who writes, and in what
    "LC002": Refusal("nothing is written outside a command that this transaction has claimed"),
    "LC003": Refusal("this login is no person of the office"),
    "LC004": Refusal("this person is blocked", "sign-in-blocked"),
    "LC005": Refusal("there is no such command"),
    "LC006": Refusal("no role of this person may do this", "role-may-not"),
    "LC007": Refusal("the claim is not formed as this command's claims are"),
    "LC008": Refusal("the case is closed", "case-closed"),
    "LC009": Refusal("the case stands at a step that is another's work", "step-is-another"),
    "LC010": Refusal("the case is assigned to another person", "not-assigned-to-you"),
    "LC011": Refusal("the law does not open this move at this step", "move-not-open-here"),
    "LC012": Refusal("a transaction claims one command"),
    "LC013": Refusal("this command does not write rows of this table"),
    "LC014": Refusal("this command does not change these columns"),
    "LC015": Refusal("the row belongs to another case than the command"),
    "LC016": Refusal("there is no such case", "case-not-found"),
    "LC017": Refusal("a person writes in his own name only"),
    # the case
    "LC018": Refusal("the law knows no such move"),
    "LC019": Refusal("each change makes the next version"),
    "LC020": Refusal("the case does not end like this"),
    "LC021": Refusal("a case does not begin like this"),
    # numbers
    "LC022": Refusal("the number is not the register's next one"),
    "LC023": Refusal("the number is not written as the office writes its numbers"),
    "LC024": Refusal("a number does not change like this"),
    "LC025": Refusal("the number and what bears it do not agree"),
    # papers
    "LC026": Refusal("this command draws no such paper"),
    "LC027": Refusal("a paper does not change like this"),
    "LC028": Refusal("the signed bytes are not the prepared ones with a signature", "signature-other-bytes"),
    "LC029": Refusal("the paper was prepared for the signature of another", "prepared-for-another"),
    "LC030": Refusal("the case has a signed result already", "already-signed"),
    "LC031": Refusal("a printing is not recorded like this"),
    "LC032": Refusal("the register of licences and the signed page do not agree"),
    "LC033": Refusal("what waits for a signature is the last draft and nothing else"),
    # files
    "LC034": Refusal("the content is not what its hash says"),
    "LC035": Refusal("who links a content must have it himself"),
    "LC036": Refusal("the file and its content do not agree"),
    # the work on a case
    "LC037": Refusal("a request and its answer do not go like this"),
    "LC038": Refusal("this person cannot be assigned to this work", "person-cannot-do"),
    "LC039": Refusal("nothing of this case can be handed over like this"),
    # the office
    "LC040": Refusal("the text of the law and what is kept of it do not agree"),
    "LC041": Refusal("rows of this table stay as they are"),
    "LC042": Refusal("the command was claimed too long ago", "command-too-old"),
    "LC043": Refusal("a command tells the journal what it did"),
    "LC044": Refusal("this command tells the journal nothing of the kind"),
    "LC045": Refusal("the moment is not the server's"),
    "LC046": Refusal("the term is out of reason"),
    "LC047": Refusal("the case moved and its step was not done"),
    "LC048": Refusal("a verdict is not given like this"),
    "LC068": Refusal("a paper that was not brought is in order only as handed in later"),
    "LC049": Refusal("this concerns another person"),
    "LC050": Refusal("an order of the acting head does not go like this"),
    "LC051": Refusal("a checkpoint is of a link that stands"),
    "LC052": Refusal("the office knows no such role"),
    "LC053": Refusal("a login is not spelled like this"),
    # the result outside
    "LC054": Refusal("a result at a centre does not go like this", "custody-moved-on"),
    "LC055": Refusal("the survey knows no such answer", "survey-answer-unknown"),
    "LC056": Refusal("a sitting of the commission does not go like this"),
    "LC057": Refusal("a hearing does not go like this"),
    "LC058": Refusal("a draft stands under the number of the licence named so far", "licence-drafted"),
    "LC059": Refusal("a key of codes comes into use, and is retired once"),
    # the second person
    "LC064": Refusal("what was set about this person is not confirmed by another", "identity-unconfirmed"),
    "LC065": Refusal("nobody confirms himself or what he has set", "confirm-own"),
    "LC062": Refusal("what is set about a person or a root is noted, to be confirmed by another"),
    "LC063": Refusal("a demo authority is believed in a demo office only", "trust-root-demo"),
    # what becomes of a licence
    "LC066": Refusal("a licence is not suspended, resumed or terminated like this"),
    "LC067": Refusal("the days of a licence's change are out of order"),
    # other systems
    "LC060": Refusal("what a system said is not kept like this"),
    "LC061": Refusal("a package comes, is checked and is settled once", "package-settled"),
}


def meanings() -> str:
    """Return the function that tells the meaning of a code on the server."""
    cases = "\n".join(
        f"    WHEN '{code}' THEN '{refusal.meaning.replace(chr(39), chr(39) * 2)}'"
        for code, refusal in REFUSALS.items()
    )
    return (
        "CREATE OR REPLACE FUNCTION refusal_meaning(code text) RETURNS text\n"
        "LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp\n"
        f"AS $$ SELECT CASE code\n{cases}\n    END $$;\n"
    )
