"""What an operator does with a platform: bring it up, take it down."""
