"""Dashboards that Grafana can take in: well formed, each panel with its place, its query and its data source."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from components.docker.dashboards import DASHBOARDS
from components.docker.dashboards.panels import SOURCE, rendered
from components.spec import Objectives
from scripts.dashboarding.__main__ import contents

BOARDS = {name: made(Objectives()) for name, made in DASHBOARDS.items()}


def panels(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(rendered(BOARDS[name]))["panels"]
    return found


@pytest.mark.parametrize("name", BOARDS)
def test_panels_have_ids_places_and_queries(name: str) -> None:
    found = panels(name)
    assert len({panel["id"] for panel in found}) == len(found)
    for panel in (one for one in found if one["type"] != "row"):
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        assert place["h"] > 0
        assert panel["title"]
        assert panel["datasource"]["uid"] == SOURCE
        assert panel["options"] is not None
        assert [target["refId"] for target in panel["targets"]] == sorted({target["refId"] for target in panel["targets"]})
        assert all(target["expr"].count("(") == target["expr"].count(")") for target in panel["targets"])


@pytest.mark.parametrize("name", BOARDS)
def test_no_panel_lies_on_another(name: str) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels(name):
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells


def test_what_is_promised_stands_in_the_dashboard() -> None:
    strict = DASHBOARDS["platform"](Objectives(availability_percent=99.99, response_p95_milliseconds=50))
    assert rendered(strict) != rendered(BOARDS["platform"])
    assert "0.05" in rendered(strict)


def test_the_provisioning_names_the_source_that_the_panels_ask() -> None:
    files = contents(Objectives(), "http://prometheus:9090")
    source = yaml.safe_load(files["provisioning/datasources/prometheus.yaml"])["datasources"][0]
    provider = yaml.safe_load(files["provisioning/dashboards/penguinmails.yaml"])["providers"][0]
    assert (source["uid"], source["url"]) == (SOURCE, "http://prometheus:9090")
    assert provider["options"]["path"] == "/etc/grafana/dashboards"
    assert {name for name in files if name.startswith("dashboards/")} == {f"dashboards/{name}.json" for name in BOARDS}
