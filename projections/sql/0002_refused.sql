-- Which of the living workers cannot read on in a partition: their release is too old for it, or the record is damaged.
-- The others may; a worker that is started anew has another name and tries again.
ALTER TABLE projection.lease ADD COLUMN refused uuid[] NOT NULL DEFAULT '{}';
