"""AWS, as its provider `pulumi-aws` 7 answers: see `cloud.py`.

Nothing of it was tried on an account: ids, defaults and replacement follow the source of Terraform's provider 6, limits
CloudFormation's schemas as cfn-lint carries them, rules between resources the services' documentation.
"""

from scripts.simulation.clouds.aws.cloud import CLOUD

__all__ = ["CLOUD"]
