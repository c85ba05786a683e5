"""Evidence in, timed segments out: what is made of what networks said, frame by frame, of people and faces."""
