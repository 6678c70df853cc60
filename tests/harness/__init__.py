"""What every target is held to, written once: a new target is one more name in `targets.NAMES` and gets all of it."""
