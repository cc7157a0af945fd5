"""Everyday wishes as people write them: whole sentences and days, in both languages. Pure."""
