"""Out of the program: facts in, PDF and workbooks out."""
