"""What a target that is being built has already, deployed for itself."""
