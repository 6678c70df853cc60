"""The rules, one module for each concern. A pack lists those that it wants."""
