"""The versions that belong together. The Pulumi SDK in requirements.in and the CLI are of one version."""

PULUMI = "3.259.0"
DOCKER_PLUGIN = "5.2.0"
DEBIAN_SUITE = "trixie"
MINIMUM_PYTHON = (3, 11)


def at_least(found: str, wanted: str) -> bool:
    """Whether `found` is `wanted` or a later release of the same major version; false if it is no version at all."""
    try:
        have, want = _parts(found), _parts(wanted)
    except ValueError:
        return False
    return have[0] == want[0] and have >= want


def _parts(version: str) -> tuple[int, ...]:
    plain = version.strip().removeprefix("v").split("-", 1)[0].split("+", 1)[0]
    numbers = tuple(int(part) for part in plain.split("."))
    if len(numbers) != 3:
        raise ValueError(version)
    return numbers
