"""The checks and the tests, the same on a laptop, before a commit and in CI."""
