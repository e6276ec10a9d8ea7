"""Why an answer is wrong.

``explain`` picks the matcher by the kind of part: ``by_number``, ``by_function`` or ``by_module``. ``near_miss`` guesses at a
number that nothing explains.
"""
