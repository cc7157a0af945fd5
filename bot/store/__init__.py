"""What is remembered: tables, and the few statements that read and write them."""
