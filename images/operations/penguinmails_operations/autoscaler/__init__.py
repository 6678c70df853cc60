"""Keeps the number of copies of each service at what its load needs, between its smallest and its greatest number."""
