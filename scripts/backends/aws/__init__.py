"""State and images of a team on AWS: a small program of its own, run by `scripts/backend aws`."""
