"""Parts of the place Regulations."""
