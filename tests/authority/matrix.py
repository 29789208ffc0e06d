"""The rights as they must be, written by hand: the judge of ``desktop.regulation.rights`` and of the database.

Nothing here is read from the program. The rows were written from issue 3, ``security`` notes 3.4 and the decree the
office works under (WKO 2018 No. 139: items 7 and 8 for the steps and their performers, item 9 for the counter). Where
the program differs, one of the two is wrong, and a test says so.
"""

from types import MappingProxyType

ROLES = (
    "clerk",
    "head",
    "department_head",
    "executor",
    "commission_secretary",
    "commission",
    "centre_operator",
    "phc_employee",
    "department_employee",
    "auditor",
    "administrator",
)

YES = "yes"  # on every case that stands where the command is at home
OWN = "own"  # only on a case that is assigned to the person
# ``read_journal`` is "own" where only the office's own events are meant, and never a word of a case
LAW = "law"  # the office's rights know it, but the decree gives this step to another
NO = "no"

# On a case of the decree's only operation. Columns in the order of ROLES.
_COMMANDS = """
command            clerk head dept exec secr comm cent phc  empl audt admn
register           yes   no   no   no   no   no   law  law  no   no   no
refuse_acceptance  yes   no   no   no   no   no   no   no   no   no   no
attach             yes   yes  yes  own  own  own  no   no   no   no   no
record_system      yes   yes  yes  own  own  own  no   own  own  no   no
receive_package    yes   no   no   no   no   no   no   law  no   no   no
assign             no    yes  law  no   no   no   no   no   no   no   no
approve            no    law  law  law  no   no   no   law  no   no   no
check              no    no   law  own  law  no   no   no   no   no   no
record_answer      law   no   law  own  no   no   no   no   no   no   no
save_checks        no    no   law  own  no   law  no   no   no   no   no
decide             no    no   law  own  no   law  no   no   no   no   no
attest             no    no   no   no   law  law  no   no   no   no   no
resolve            no    no   no   no   no   no   no   law  law  no   no
hear               no    no   law  law  no   no   no   no   no   no   no
prepare            no    yes  no   no   no   no   no   no   no   no   no
sign               no    yes  no   no   no   no   no   no   no   no   no
deliver            yes   no   no   law  law  no   law  no   no   no   no
print              yes   no   no   own  own  no   own  own  own  no   no
hand_out           yes   no   no   no   no   no   yes  no   no   no   no
take_back          yes   no   no   no   no   no   yes  no   no   no   no
request_again      yes   no   no   no   no   no   yes  no   no   no   no
send_again         yes   no   no   no   no   no   no   no   no   no   no
change_licence     no    yes  yes  no   no   no   no   no   no   no   no
return_for_rework  no    yes  law  no   no   no   no   no   no   no   no
withdraw           yes   no   no   no   no   no   no   law  law  no   no
correct            yes   no   no   own  no   no   no   law  law  no   no
reassign           no    yes  law  no   no   no   no   no   no   no   no
read_cases         yes   yes  yes  own  own  own  own  own  own  yes  no
export             yes   yes  yes  own  no   no   no   no   no   yes  no
read_journal       no    yes  no   no   no   no   no   no   no   yes  own
set_people         no    no   no   no   no   no   no   no   no   no   yes
set_acting_head    no    no   no   no   no   no   no   no   no   no   yes
set_calendar       no    no   no   no   no   no   no   no   no   no   yes
set_fees           no    no   no   no   no   no   no   no   no   no   yes
set_trust          no    no   no   no   no   no   no   no   no   no   yes
set_office         no    no   no   no   no   no   no   no   no   no   yes
set_law            no    no   no   no   no   no   no   no   no   no   yes
set_systems        no    no   no   no   no   no   no   no   no   no   yes
set_code_key       no    no   no   no   no   no   no   no   no   no   yes
administer         no    no   no   no   no   no   no   no   no   no   yes
confirm            no    no   no   no   no   no   no   no   no   yes  yes
checkpoint         no    yes  no   no   no   no   no   no   no   no   no
found              no    no   no   no   no   no   no   no   no   no   no
sign_in            yes   yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
set_own_password   yes   yes  yes  yes  yes  yes  yes  yes  yes  yes  yes
"""


def _read(table: str) -> MappingProxyType[str, MappingProxyType[str, str]]:
    rows: dict[str, MappingProxyType[str, str]] = {}
    for line in table.strip().splitlines()[1:]:
        command, *cells = line.split()
        assert len(cells) == len(ROLES), command
        assert set(cells) <= {YES, OWN, LAW, NO}, command
        rows[command] = MappingProxyType(dict(zip(ROLES, cells, strict=True)))
    return MappingProxyType(rows)


COMMANDS = _read(_COMMANDS)

# Which cases a role sees at all: every one, those assigned to the person, or none. A department head sees those of
# his department, and this office keeps its cases in one: no case says of which it is.
SIGHT = MappingProxyType(
    {
        "clerk": "all",
        "head": "all",
        "auditor": "all",
        "department_head": "all",
        "executor": "assigned",
        "commission_secretary": "assigned",
        "commission": "assigned",
        "centre_operator": "assigned",
        "phc_employee": "assigned",
        "department_employee": "assigned",
        "administrator": "none",
    }
)
