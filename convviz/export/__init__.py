"""Files: a Scene in one of the formats of `formats.py`. The only place where Pillow and imageio are."""
