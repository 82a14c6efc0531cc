"""What a page is: what it shows, and what comes of what is done on it; as values and functions, without a server."""
