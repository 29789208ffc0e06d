"""The tests mirror desktop/; what they share is in conftest.py and in the modules beside it."""
