"""Files: a Scene as a GIF, a PNG or an SVG. The only place where Pillow is."""
