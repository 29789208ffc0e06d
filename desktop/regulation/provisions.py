"""What an act says besides steps, terms, fees and papers: read, proved, and found for a reader or a case.

Registration numbers, definitions, technical conditions, forms of the result, waiting limits, appeals: every item of an
act stands in its file, as a ``[[provision]]`` of the decree or a ``[[service.provision]]`` if nowhere else.
"""

from collections.abc import Iterable

from desktop.regulation.model import Channel, Operation, Provision, ProvisionKind, Service
from desktop.regulation.proofs import belongs
from desktop.regulation.reading import Table


def read(tables: Iterable[Table], *, of_service: bool) -> tuple[Provision, ...]:
    """Return the provisions written in ``tables``.

    Those of a decree are of no operation, channel or step; what its heading says has no item.
    """
    return tuple(_provision(table, of_service=of_service) for table in tables)


def _provision(table: Table, *, of_service: bool) -> Provision:
    provision = Provision(
        kind=table.one_of("kind", ProvisionKind),
        text=table.legal("text"),
        clause=table.word("clause") if of_service else table.word("clause", ""),
        operations=table.words("operations", []) if of_service else (),
        channels=table.some_of("channels", Channel, []) if of_service else (),
        where=table.words("where", []) if of_service else (),
    )
    table.close()
    return provision


def prove(tables: Iterable[Table], service: Service) -> None:
    """Every operation, channel and step named is one of the service's; raises BrokenRegulation at the first fault."""
    for table, provision in zip(tables, service.provisions, strict=True):
        known = {operation.id for operation in service.operations}
        for name in provision.operations:
            if name not in known:
                raise table.broken("unknown-target", "operations", name)
        ours = [operation for operation in service.operations if _is_of(provision, operation)]
        for channel in provision.channels:
            if not any(channel in operation.channels for operation in ours):
                raise table.broken("channel-not-offered", "channels", channel.value)
        for step_id in provision.where:
            if not any(step.id == step_id for operation in ours for step in operation.steps):
                raise table.broken("unknown-target", "where", step_id)


def of(service: Service, operation: Operation, channel: Channel) -> tuple[Provision, ...]:
    """Return what the act says besides of the operation in ``channel``, in the order of the file."""
    steps = {step.id for step in operation.steps if belongs(step, channel)}
    return tuple(
        provision
        for provision in service.provisions
        if _is_of(provision, operation)
        and (not provision.channels or channel in provision.channels)
        and (not provision.where or not steps.isdisjoint(provision.where))
    )


def at(service: Service, operation: Operation, channel: Channel, step_id: str) -> tuple[Provision, ...]:
    """Return what a case of ``channel`` is told of at the step."""
    return tuple(provision for provision in of(service, operation, channel) if step_id in provision.where)


def _is_of(provision: Provision, operation: Operation) -> bool:
    return not provision.operations or operation.id in provision.operations
