"""What the journal's screen is made of besides its list: the state of the seal, and the checkpoints."""
