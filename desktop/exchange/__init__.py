"""Other systems: asked over the network, packages they send, results they are given. No database, no Qt."""
