"""Policy packs from outside: `compose` puts several into one process, `events` reads what the engine says of their rules."""
