"""Google Cloud, as its provider `pulumi-gcp` 10.2.0 and Google's services answer: see `cloud.py`.

What is refused here is what the services' documentation says that they refuse; nothing was tried on a real project.
"""

from scripts.simulation.clouds.gcp.cloud import CLOUD

__all__ = ["CLOUD"]
