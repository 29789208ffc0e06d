"""Write side: the only code that changes the database; one function is one transaction and one journal entry."""
