"""Hostile statements as data, grouped by who makes them and what he is after."""

from tests.authority.hostile import (
    administrator,
    centre,
    clerk,
    details,
    everybody,
    exchange,
    executor,
    head,
    licences,
    meetings,
    second_person,
    server,
)

WRITTEN = (
    *server.ATTACKS,
    *clerk.ATTACKS,
    *executor.ATTACKS,
    *head.ATTACKS,
    *administrator.ATTACKS,
    *everybody.ATTACKS,
    *details.ATTACKS,
    *meetings.ATTACKS,
    *licences.ATTACKS,
    *exchange.ATTACKS,
    *centre.ATTACKS,
    *second_person.ATTACKS,
)
