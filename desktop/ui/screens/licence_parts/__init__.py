"""Parts of the card of a licence."""
