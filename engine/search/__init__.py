"""Finding people by what they wear: words into chips, views into votes, and votes ranked by chips."""
