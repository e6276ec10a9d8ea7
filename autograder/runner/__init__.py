"""A class at a time: on this machine's cores or on a cluster."""
