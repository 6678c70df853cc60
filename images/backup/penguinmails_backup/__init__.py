"""Keeps the backups of a platform on Docker: makes them, proves them by drills, restores them."""

__version__ = "1.0.0"
