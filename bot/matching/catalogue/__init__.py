"""Topics people teach each other, by area: data, read by `bot.matching.lexicon`."""
