"""Other systems' formats, one a module: what they export, what they import."""
