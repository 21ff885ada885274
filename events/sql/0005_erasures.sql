-- Who was erased: looked up at each start, so that no key of theirs comes back from a backup.
CREATE INDEX event_of_erasure ON log.event (position) WHERE type = 'subject.erased';
