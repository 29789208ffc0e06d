"""Parts of the verify screen."""
