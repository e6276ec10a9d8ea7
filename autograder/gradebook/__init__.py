"""Every grade and every reading that was ever given, kept in files that are only added to."""
