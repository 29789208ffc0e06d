"""How to reach what is stored: engine, transactions, files, upgrades."""
