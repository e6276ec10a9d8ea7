"""Why an answer is wrong. ``explain`` tries the matchers in order: by number, by function, by module, then a near miss."""
