"""Every grade and every reading kept, what each came from, and what changed."""
