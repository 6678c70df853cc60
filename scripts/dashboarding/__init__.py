"""Writes the dashboards for Grafana."""
