"""The Pulumi program: deploys the platform that the stack file describes."""

from components.program import run

run()
