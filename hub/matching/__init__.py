"""Who is it? Finds the person and the family that a description means, and says how it knows."""
