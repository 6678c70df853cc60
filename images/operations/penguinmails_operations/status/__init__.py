"""The page that shows how the platform is, behind a login, whatever else is away."""

PATH = "/status"
"""Below which everything is served; the edge leads here what begins with it."""
