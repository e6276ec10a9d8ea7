"""The handout as a typeset paper: one page for each language, and the same page as a PDF."""
