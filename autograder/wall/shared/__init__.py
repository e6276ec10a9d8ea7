"""What both sides of the wall speak: frames, values, and what a module may be asked.

This package imports nothing else from the project, since it is also loaded behind the wall.
"""
