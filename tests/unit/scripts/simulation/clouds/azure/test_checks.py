"""Values that are wrong whatever else exists: a table of what is refused, where, and what the sentence says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from scripts.simulation.clouds.azure import CLOUD
from scripts.simulation.clouds.azure.checks import seconds
from scripts.simulation.clouds.azure.types import BY_TOKEN
from scripts.simulation.values import UNKNOWN
from scripts.simulation.world import Place
from tests.unit.scripts.simulation.clouds.azure.account import with_unknowns
from tests.unit.scripts.simulation.clouds.azure.cases import RIGHT, WRONG
from tests.unit.scripts.simulation.clouds.azure.database_cases import WRONG as DATABASES
from tests.unit.scripts.simulation.clouds.azure.platform import SERVER

HERE = Place("azure-native", "00000000-0000-4000-8000-000000000001", "westeurope")
CASES = [*WRONG, *DATABASES]


@pytest.mark.parametrize(("token", "inputs"), RIGHT, ids=[token for token, _ in RIGHT])
def test_what_azure_takes_is_taken(token: str, inputs: Mapping[str, Any]) -> None:
    assert not CLOUD.check(f"azure-native:{token}", inputs, HERE)


@pytest.mark.parametrize(
    ("token", "inputs", "changes", "path", "says"),
    CASES,
    ids=[f"{case[0]}-{case[3]}-{index}" for index, case in enumerate(CASES)],
)
def test_what_azure_refuses_is_named(
    token: str, inputs: Mapping[str, Any], changes: Mapping[str, Any], path: str, says: str
) -> None:
    given = {key: value for key, value in {**inputs, **changes}.items() if value is not None}
    found = CLOUD.check(f"azure-native:{token}", given, HERE)
    assert [problem.path for problem in found] == [path], found
    assert says in found[0].reason


def test_a_password_is_never_said() -> None:
    for password in ("hiddenhidden", "hidden"):
        found = CLOUD.check("azure-native:dbforpostgresql:Server", {**SERVER, "administratorLoginPassword": password}, HERE)
        assert found
        assert password not in "".join(problem.reason for problem in found)


@pytest.mark.parametrize("token", sorted(BY_TOKEN))
def test_nothing_is_said_of_what_is_not_known_yet(token: str) -> None:
    given = dict.fromkeys(_INPUTS.get(token.removeprefix("azure-native:"), ()), UNKNOWN)
    assert not list(CLOUD.check(token, given, HERE))


@pytest.mark.parametrize(("token", "inputs"), RIGHT, ids=[token for token, _ in RIGHT])
def test_nothing_is_said_of_parts_that_are_not_known_yet(token: str, inputs: Mapping[str, Any]) -> None:
    for changed in with_unknowns(dict(inputs)):
        assert not CLOUD.check(f"azure-native:{token}", changed, HERE), changed


_INPUTS = {
    "app:ContainerApp": ("environmentId", "template", "configuration"),
    "app:Job": ("environmentId", "template", "configuration"),
    "applicationinsights:WebTest": ("tags",),
    "dbformysql:Server": ("sku", "administratorLogin", "administratorLoginPassword", "version", "network"),
    "dbforpostgresql:Server": ("sku", "administratorLogin", "administratorLoginPassword", "version", "network"),
    "keyvault:Vault": ("properties",),
    "network:PrivateEndpoint": ("privateLinkServiceConnections",),
    "network:Subnet": ("addressPrefix",),
    "network:VirtualNetwork": ("addressSpace",),
}
"""Inputs that must be given, which are not known yet."""


@pytest.mark.parametrize(
    ("text", "length"), [("PT1M", 60.0), ("P1DT1H", 90000.0), ("P14D", 1209600.0), ("14d", None), ("P", None)]
)
def test_times(text: str, length: float | None) -> None:
    assert seconds(text) == length
