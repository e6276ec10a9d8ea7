"""Fuzzing of what reads a submission on the trusted side: ``python -m tests.fuzz --inputs 100000``."""
