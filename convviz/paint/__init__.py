"""Painters: total functions over marks. None of them knows what a kernel, a stride or a padding is."""
