"""What each cloud accepts, refuses and answers: one folder a cloud, the same file names in each, `model.py` their contract."""
