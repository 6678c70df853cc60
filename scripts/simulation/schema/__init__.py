"""What types the installed SDKs know: derived from their Python classes when first asked for, kept on disk by SDK version."""
