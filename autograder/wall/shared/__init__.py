"""What both sides of the wall speak: frames, values, and what a module may be asked.

This package imports nothing of the project: it is loaded behind the wall as well.
"""
