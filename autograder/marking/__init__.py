"""Hidden tests asked, points, follow-through, lateness, a person's marks, and a student's own run of the public tests."""
