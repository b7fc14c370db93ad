"""earshot finds call recordings and files within a stranger's reach. Nothing runs on import."""

__version__ = "0.1.0"
