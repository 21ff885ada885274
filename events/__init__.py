"""What happened, and where it is written: event types, the log, sealing and keys."""
