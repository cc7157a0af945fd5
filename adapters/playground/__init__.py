"""The playground: the same conversation in a browser, for trying out, with a clock to move."""
