"""What an agency runs to send its own files: `hub send`.

A file is first copied to a spool on the agency's disk, under an idempotency key that never changes afterwards; from
then on it takes effect once, however often the sender or the hub is killed. Nothing is moved out of the agency's
folders. File names may name a child: they are neither sent nor written to the spool nor shown unless asked for.
"""
