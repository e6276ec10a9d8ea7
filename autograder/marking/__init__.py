"""Hidden tests asked, points, follow-through, lateness, and a person's marks."""
