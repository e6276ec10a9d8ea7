"""The toy's solutions."""
