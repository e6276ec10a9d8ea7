"""Downloads of learning management systems, one system a module."""
