"""The engine of a course assignment that grades itself; its command is ``convgrade``."""

__version__ = "0.2.0"
