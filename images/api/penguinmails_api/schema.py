"""Which schema this code needs.

Revisions are four digits that count upwards, so that "at least" can be answered without loading the migrations: an old
image beside a newer schema (a rollback, or the moment before a rollout ends) is ready, a new one before its migration is
not. A test holds the number to the newest migration.
"""

REQUIRED_REVISION = "0001"


def is_sufficient(revision: str | None) -> bool:
    """Whether the database's ``revision`` is the one that this code needs, or a newer one."""
    return revision is not None and revision.isdecimal() and int(revision) >= int(REQUIRED_REVISION)
