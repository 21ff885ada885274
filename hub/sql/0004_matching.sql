-- Which identity a person and a family belong to: one of the ids in the block speaks for all of it, by default the id itself.
ALTER TABLE decide.person ADD COLUMN belongs_to uuid;
UPDATE decide.person SET belongs_to = person_id;
ALTER TABLE decide.person ALTER COLUMN belongs_to SET NOT NULL;
CREATE INDEX person_moved ON decide.person (belongs_to) WHERE belongs_to <> person_id;

ALTER TABLE decide.family ADD COLUMN belongs_to uuid;
UPDATE decide.family SET belongs_to = family_id;
ALTER TABLE decide.family ALTER COLUMN belongs_to SET NOT NULL;
CREATE INDEX family_moved ON decide.family (belongs_to) WHERE belongs_to <> family_id;

-- Pairs of people whom somebody decided to be two: never doubted again. The smaller id stands first.
CREATE TABLE decide.distinct (
    one   uuid NOT NULL,
    other uuid NOT NULL,
    PRIMARY KEY (one, other),
    CHECK (one < other)
);
