"""Several provider instances at once, provider mistakes, unknown values and secrets: small programs through the real engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import targets
from tests.preview.conftest import CANARY, Platform

Make = Callable[..., Platform]

TWO_REGIONS = """
import pulumi, pulumi_aws as aws
for region in ("eu-central-1", "us-east-1"):
    provider = aws.Provider(f"aws-{region}", region=region)
    queue = aws.sqs.Queue(f"mail-{region}", name="mail", opts=pulumi.ResourceOptions(provider=provider))
    found = aws.get_region_output(opts=pulumi.InvokeOptions(provider=provider))
    pulumi.export(region, pulumi.Output.all(queue.arn, queue.url, found.region))
"""

REGION_OF_ONE_RESOURCE = """
import pulumi, pulumi_aws as aws
provider = aws.Provider("aws", region="eu-central-1")
key = aws.kms.Key("key", region="eu-west-1", deletion_window_in_days=7, opts=pulumi.ResourceOptions(provider=provider))
pulumi.export("arn", key.arn)
"""

MOVED = """
import pulumi, pulumi_aws as aws
provider = pulumi.ResourceOptions(provider=aws.Provider("aws", region="eu-central-1"))
aws.sqs.Queue("mail", opts=provider)
aws.sqs.Queue("abroad", region="us-east-1", opts=provider)
aws.route53.Zone("zone", name="example.com", opts=provider)
"""

WRONG_REGION = """
import pulumi, pulumi_aws as aws
provider = aws.Provider("aws", region="eu-central-9")
aws.sqs.Queue("mail", opts=pulumi.ResourceOptions(provider=provider))
"""

UNKNOWN_UNTIL_MADE = """
import pulumi, pulumi_aws as aws
provider = aws.Provider("aws", region="eu-central-1")
queue = aws.sqs.Queue("mail", opts=pulumi.ResourceOptions(provider=provider))
queue.arn.apply(lambda arn: pulumi.log.warn(f"known: {arn}"))
pulumi.export("name", queue.name)
"""

SECRETS = """
import pulumi, pulumi_aws as aws
config = pulumi.Config()
provider = aws.Provider("aws", region="eu-central-1")
secret = aws.secretsmanager.Secret("secret", opts=pulumi.ResourceOptions(provider=provider))
version = aws.secretsmanager.SecretVersion(
    "value", secret_id=secret.id, secret_string=config.require_secret("apiKey"),
    opts=pulumi.ResourceOptions(provider=provider),
)
pulumi.export("value", version.secret_string)
"""

NO_SUCH_DATA = """
import pulumi, pulumi_aws as aws
provider = aws.Provider("aws", region="eu-central-1")
found = aws.ec2.get_vpc_output(id="vpc-0123456789abcdef0", opts=pulumi.InvokeOptions(provider=provider))
pulumi.export("found", found.cidr_block)
"""


@pytest.fixture
def running(platform: Make, tmp_path: Path) -> Callable[[str], Platform]:
    """A stack of a small program."""

    def make(source: str) -> Platform:
        program = tmp_path / "program"
        program.mkdir()
        (program / "__main__.py").write_text(source, encoding="utf-8")
        made = platform(targets.base("aws"))
        made.program = program
        return made

    return make


def outputs(platform: Platform) -> dict[str, object]:
    [stack] = [found for found in platform.resources() if found["type"] == "pulumi:pulumi:Stack"]
    found: dict[str, object] = stack["outputs"]
    return found


def test_two_regions_have_a_queue_of_one_name_each(running: Callable[[str], Platform]) -> None:
    made = running(TWO_REGIONS)
    made.must("up", "--yes", "--skip-preview")
    made.unchanged()
    for region, found in outputs(made).items():
        arn, url, asked = found  # type: ignore[misc]
        assert arn == f"arn:aws:sqs:{region}:123456789012:mail"
        assert url == f"https://sqs.{region}.amazonaws.com/123456789012/mail"
        assert asked == region
    made.must("destroy", "--yes", "--skip-preview")
    assert len(made.world) == 0


def test_a_resource_can_be_in_another_region_than_its_provider(running: Callable[[str], Platform]) -> None:
    made = running(REGION_OF_ONE_RESOURCE)
    made.must("up", "--yes", "--skip-preview")
    made.unchanged()
    assert str(outputs(made)["arn"]).startswith("arn:aws:kms:eu-west-1:123456789012:key/")


def test_a_provider_that_moves_makes_anew_what_is_in_its_region(running: Callable[[str], Platform]) -> None:
    """No input of a queue changes; its messages are lost all the same."""
    made = running(MOVED)
    made.must("up", "--yes", "--skip-preview")
    program = made.program / "__main__.py"
    program.write_text(MOVED.replace("eu-central-1", "eu-west-1"), encoding="utf-8")
    assert made.must("preview").did("replace") == {"mail": "aws:sqs/queue:Queue"}
    assert made.up().did("create-replacement") == {"mail": "aws:sqs/queue:Queue"}
    assert {thing.urn.rsplit("::", 1)[-1]: thing.place.region for thing in made.world}["mail"] == "eu-west-1"
    made.unchanged()


def test_a_region_that_is_not_there_is_refused_in_the_preview(running: Callable[[str], Platform]) -> None:
    refused = running(WRONG_REGION).run("preview")
    assert refused.code != 0
    assert "eu-central-9" in refused.text


def test_what_is_computed_is_unknown_in_a_preview_and_known_afterwards(running: Callable[[str], Platform]) -> None:
    made = running(UNKNOWN_UNTIL_MADE)
    assert "known:" not in made.must("preview").text
    assert "known: arn:aws:sqs:eu-central-1:123456789012:mail-" in made.must("up", "--yes", "--skip-preview").text


def test_a_secret_stays_one_on_its_way_through_a_provider(running: Callable[[str], Platform]) -> None:
    made = running(SECRETS)
    shown = made.must("up", "--yes", "--skip-preview").text
    assert CANARY not in shown
    assert "[secret]" in shown
    assert CANARY not in made.state()
    assert "ciphertext" in json.dumps(outputs(made)["value"])


def test_a_data_source_that_finds_nothing_says_so(running: Callable[[str], Platform]) -> None:
    refused = running(NO_SUCH_DATA).run("preview")
    assert refused.code != 0
    assert "vpc-0123456789abcdef0" in refused.text
