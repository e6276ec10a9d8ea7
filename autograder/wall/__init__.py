"""The wall between the marker and what is marked.

This folder is the trusted side of it: ``tiers`` (how strong the wall can be here), ``launch`` (starting the far side),
``session`` (one submission's process: calls, limits, a fresh process after a crash), ``student`` (the fixture that hidden
tests use) and ``raised`` (what the student's code raised). ``inside/`` is the far side and imports nothing of the rest but
``wire``, the format that both speak.
"""
