"""A program of the capabilities that a target has so far, in the order of the platform: for targets that are being built."""

from tests.harness.foundation.build import run

run()
