"""Measurements, run by hand: figures of one run beside each other. Nothing here is part of a check or a test."""
