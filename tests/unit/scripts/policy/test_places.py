"""From a resource to the line of the stack file that it comes from."""

from __future__ import annotations

import pytest

from scripts.policy.places import Place, Places
from tests.unit.scripts.policy.examples import FILE, STACK_FILE, urn

PLACES = Places(FILE, STACK_FILE)
LINES = STACK_FILE.splitlines()


@pytest.mark.parametrize(
    ("component", "name", "path", "line"),
    [
        ("Database", "penguinmails-database-server", "platform.database", "    database:"),
        ("Pooling", "penguinmails-pooling-proxy", "platform.database.pooling", "      pooling: {"),
        ("Service", "penguinmails-worker-copies", "platform.services.worker", "      worker:"),
        ("Service", "penguinmails-api-worker-copies", "platform.services.worker", "      worker:"),
        ("Service", "penguinmails-other-copies", "platform.services", "    services:"),
        ("Queue", "penguinmails-queue-queue-outbound", "platform.queues.outbound", "      outbound: {}"),
        ("Queue", "penguinmails-queue-dead-outbound-late-policy", "platform.queues.outbound-late", "      outbound-late:"),
        ("Network", "penguinmails-network-vpc", "platform.aws", "    aws: {"),
        ("Storage", "penguinmails-storage-objects", "platform", "  penguinmails:platform:"),
    ],
)
def test_the_part_of_the_description_that_a_component_is_made_of(component: str, name: str, path: str, line: str) -> None:
    found = PLACES.of(urn(component, name))
    assert (found.file, found.path) == (FILE, path)
    assert LINES[found.line - 1].startswith(line)


def test_the_stack_itself_and_what_has_no_component_are_at_the_platform() -> None:
    for each in ("", "urn:pulumi:test::penguinmails::pulumi:pulumi:Stack::penguinmails-test", "nonsense"):
        assert PLACES.of(each) == Place(FILE, 3, "platform")


def test_a_waiver_is_at_its_own_line() -> None:
    assert LINES[PLACES.at("policies.waivers[2]").line - 1].strip() == "- rule: private"


@pytest.mark.parametrize("text", ["", "config: [1\n a: b", "a: 1"])
def test_without_a_description_it_is_the_first_line(text: str) -> None:
    assert Places(FILE, text).of(urn("Database", "penguinmails-database-server")) == Place(FILE, 1)
