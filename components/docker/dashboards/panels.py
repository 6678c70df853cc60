"""What a dashboard is made of: rows of panels, each with its queries. Pure; `rendered` gives Grafana's JSON."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import LegendDisplayMode, LegendPlacement, TooltipDisplayMode
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    Threshold,
    ThresholdsMode,
)

SOURCE = "prometheus"
"""uid of the data source, the same in the provisioning file."""
_HEIGHT = {"stat": 5, "curve": 8}
_WIDTH = 24


@dataclass(frozen=True)
class Query:
    """`text` in PromQL; `legend` names its series, with `{{label}}`. `quiet`: why it may give nothing on a platform that is
    well, empty where that would be a fault."""

    text: str
    legend: str = ""
    quiet: str = ""


@dataclass(frozen=True)
class Panel:
    """`unit`: one of Grafana's. `limits`: (from this value, colour), the first from the lowest value on."""

    title: str
    queries: Sequence[Query]
    unit: str = "short"
    kind: Literal["stat", "curve"] = "curve"
    about: str = ""
    limits: Sequence[tuple[float, str]] = ()
    most: float | None = None


@dataclass(frozen=True)
class Row:
    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class Board:
    uid: str
    title: str
    rows: Sequence[Row]

    def queries(self) -> Iterator[tuple[str, Query]]:
        """Every query with the title of its panel."""
        for row in self.rows:
            for panel in row.panels:
                for query in panel.queries:
                    yield panel.title, query


def rendered(board: Board) -> str:
    """The JSON of a dashboard."""
    made = (
        dashboard.Dashboard(board.title)
        .uid(board.uid)
        .tags(["penguinmails"])
        .refresh("30s")
        .time("now-6h", "now")
        .timezone("utc")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .readonly()
    )
    number = itertools.count(1)
    for row in board.rows:
        made = made.with_row(dashboard.Row(row.title).id(next(number)))
        for panel in row.panels:
            made = made.with_panel(_panel(panel, _WIDTH // len(row.panels)).id(next(number)))
    return JSONEncoder(sort_keys=True, indent=2).encode(made.build()) + "\n"


def _panel(panel: Panel, width: int) -> Any:
    made: Any = _figure() if panel.kind == "stat" else _curve()
    made = made.title(panel.title).unit(panel.unit).span(width).height(_HEIGHT[panel.kind])
    made = made.datasource(DataSourceRef(type_val="prometheus", uid=SOURCE)).min(0)
    if panel.about:
        made = made.description(panel.about)
    if panel.most is not None:
        made = made.max(panel.most)
    if panel.limits:
        steps = [Threshold(value=None if index == 0 else at, color=colour) for index, (at, colour) in enumerate(panel.limits)]
        made = made.thresholds(dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
    for index, query in enumerate(panel.queries):
        target = prometheus.Dataquery().expr(query.text).ref_id(chr(ord("A") + index))
        target = target.instant() if panel.kind == "stat" else target.range()
        made = made.with_target(target.legend_format(query.legend) if query.legend else target)
    return made


def _figure() -> Any:
    return stat.Panel().reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))


def _curve() -> Any:
    legend = common.VizLegendOptions().show_legend(True)
    legend = legend.display_mode(LegendDisplayMode.LIST).placement(LegendPlacement.BOTTOM)
    tooltip = common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI)
    return timeseries.Panel().fill_opacity(8).line_width(2).legend(legend).tooltip(tooltip)
