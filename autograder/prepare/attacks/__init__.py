"""``convgrade doctor --attack``: some twenty attacks handed in on this machine, graded by the real engine, and what held.

``portable`` holds the attacks, ``watch`` sees what got out and what was left, ``trial`` hands in, grades and judges. They fit any
course, since none names a question; the suite of many more, on a toy course, is in ``tests/engine/system/attacks``.
"""
