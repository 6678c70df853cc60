"""One module a resource; each exposes ``router``. ``operations`` is for the platform, the others are the product."""
