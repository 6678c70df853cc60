"""Puts on a machine what the kit needs, and tells other commands where it is.

Everything here runs on the system's Python before any package is installed, so it imports the standard library only.
"""
