"""One place for the logs of all containers: kept by day, errors grouped, what matters to security told."""
