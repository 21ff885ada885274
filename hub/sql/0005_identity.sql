-- By which decision two people are known to be two: undoing one forgets its pairs, and a pair that another decision
-- holds apart too stays. The events name the decision, so these rows can be folded again from the log.
ALTER TABLE decide.distinct ADD COLUMN decision_id uuid NOT NULL;
ALTER TABLE decide.distinct DROP CONSTRAINT distinct_pkey;
ALTER TABLE decide.distinct ADD PRIMARY KEY (one, other, decision_id);
CREATE INDEX distinct_by_decision ON decide.distinct (decision_id);
