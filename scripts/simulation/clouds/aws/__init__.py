"""AWS, as its provider `pulumi-aws` 7 answers: see `cloud.py`.

Nothing of it was tried on an account: ids, defaults and replacement are those of Terraform's provider 6, partly read in its
source and partly from experience (each module says which), limits CloudFormation's schemas as cfn-lint carries them, rules
between resources the services' documentation.
"""

from scripts.simulation.clouds.aws.cloud import CLOUD

__all__ = ["CLOUD"]
