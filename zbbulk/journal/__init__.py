"""Step 5, remembering: the durable memory of one run, in SQLite."""
