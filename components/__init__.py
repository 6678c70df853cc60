"""The platform: one description, one orchestration, one folder per target."""
