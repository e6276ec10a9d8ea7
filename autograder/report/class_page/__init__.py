"""The class report: one page for the instructor, in both languages."""
