"""What a person runs. Each command is a short shell file beside a package of the same purpose."""
