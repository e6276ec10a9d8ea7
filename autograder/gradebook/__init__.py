"""Every grade kept, what it came from, and what changed."""
