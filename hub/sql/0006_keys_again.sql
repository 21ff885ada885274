-- Whole names and couples are keys now, and the features are packed as version 2: everybody is folded again from the log.
INSERT INTO decide.unfolded SELECT family_id FROM decide.family ON CONFLICT DO NOTHING;
