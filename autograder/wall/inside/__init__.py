"""The far side of the wall: everything here runs in the zygote or in a submission's process, and is not trusted.

It is loaded as the top-level package ``wall`` in an interpreter of its own, never as part of ``autograder``.
"""
