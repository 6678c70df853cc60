"""Posts alerts to the addresses of the description, each signed, so that a receiver knows who sent it and when."""
