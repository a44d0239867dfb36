"""The version of this package."""

__version__ = "0.1.0"
SOFTWARE = f"chancery-python/{__version__}"
