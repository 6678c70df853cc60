"""What watches a platform on Docker: logs, autoscaling, notifications and the status page, one program a command."""

__version__ = "1.0.0"
