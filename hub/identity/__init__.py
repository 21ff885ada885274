"""Who is who, decided by people: merges, splits, doubts settled, submissions taken out, and all of it undone."""
