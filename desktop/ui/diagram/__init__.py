"""The law drawn: the swim lanes of an operation, with or without the way one case has taken through them."""
