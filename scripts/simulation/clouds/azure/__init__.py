"""Azure, as its provider `pulumi-azure-native` 3.29.0 and the resource manager answer: see `cloud.py`.

What is refused here is what the services' documentation says that they refuse; nothing was tried on a real subscription.
"""

from scripts.simulation.clouds.azure.cloud import CLOUD

__all__ = ["CLOUD"]
