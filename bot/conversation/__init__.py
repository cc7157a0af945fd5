"""The conversation kit: forms that ask, cards that tell, and the words for both."""
