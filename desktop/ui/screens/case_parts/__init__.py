"""The parts the case screen is put together from; each shows a card and asks, none decides."""
