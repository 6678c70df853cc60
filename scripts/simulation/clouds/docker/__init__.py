"""Docker, as its provider `pulumi-docker` 5.2.0 and an engine in Swarm mode answer: see `cloud.py`.

What is refused here was tried on the real provider and an engine 20.10; what that engine lets through and then never starts
(a host port that is taken, a subnet that overlaps) is refused at once.
"""

from scripts.simulation.clouds.docker.cloud import CLOUD

__all__ = ["CLOUD"]
