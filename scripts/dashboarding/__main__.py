"""scripts/dashboards: writes the dashboards of a stack on Docker, and what Grafana needs to take them in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
import yaml

from components.docker.dashboards import DASHBOARDS
from components.docker.dashboards.panels import SOURCE, rendered
from components.spec import Objectives, TargetName
from scripts.operations import stack as stacks
from scripts.toolchain.process import Failure

FOLDER = "/etc/grafana/dashboards"
"""Where Grafana finds the JSON files, in its container."""
app = typer.Typer(add_completion=False)


@app.command()
def write(
    stack: Annotated[str, typer.Argument(help="Whose objectives are drawn.")] = stacks.DEFAULT,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder that is written to.")] = Path("grafana"),
    prometheus: Annotated[
        str, typer.Option(metavar="URL", help="Where Grafana reaches Prometheus.")
    ] = "http://prometheus:9090",
) -> None:
    """Write dashboards as JSON and the provisioning of Grafana's official image.

    The kit runs no Grafana. Mount DIR/provisioning as /etc/grafana/provisioning and DIR/dashboards as /etc/grafana/dashboards,
    and put Grafana into the platform's network `app`.
    """
    spec = stacks.read(stack).spec
    if spec.target is not TargetName.DOCKER:
        raise Failure(f"{stack} is on {spec.target.value}, which has a dashboard of its own; choose a stack on docker.")
    files = contents(spec.alerts.objectives if spec.alerts is not None else Objectives(), prometheus)
    for name, text in files.items():
        file = out / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    typer.echo(f"Written to {out}: {', '.join(files)}.", err=True)


def contents(objectives: Objectives, prometheus: str) -> dict[str, str]:
    """File -> text."""
    source = {
        "name": "Prometheus",
        "uid": SOURCE,
        "type": "prometheus",
        "access": "proxy",
        "url": prometheus,
        "isDefault": True,
        "editable": False,
    }
    provider = {
        "name": "penguinmails",
        "folder": "PenguinMails",
        "type": "file",
        "allowUiUpdates": False,
        "disableDeletion": True,
        "options": {"path": FOLDER},
    }
    found = {f"dashboards/{name}.json": rendered(made(objectives)) for name, made in DASHBOARDS.items()}
    found["provisioning/datasources/prometheus.yaml"] = yaml.safe_dump(
        {"apiVersion": 1, "datasources": [source]}, sort_keys=False
    )
    found["provisioning/dashboards/penguinmails.yaml"] = yaml.safe_dump(
        {"apiVersion": 1, "providers": [provider]}, sort_keys=False
    )
    return found


if __name__ == "__main__":
    try:
        app(prog_name="scripts/dashboards")
    except Failure as failure:
        sys.stderr.write(f"dashboards: {failure}\n")
        sys.exit(1)
