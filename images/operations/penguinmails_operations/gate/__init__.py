"""The narrow way to the engine: it counts what runs, and moves the number of copies of services whose limits it was told."""
