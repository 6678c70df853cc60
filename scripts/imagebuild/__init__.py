"""Builds the images in images/ and puts them into the registry at localhost:5000."""
