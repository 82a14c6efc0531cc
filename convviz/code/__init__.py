"""Code of the frameworks, read and written."""
