"""The Scene: the one picture that every painter draws."""
