"""scripts/preview: what a change would do and what is wrong with it, by the real engine against simulated clouds."""
