-- Which identity a person and a family belong to: one of the ids in the block speaks for all of it, by default the id itself.
ALTER TABLE decide.person ADD COLUMN belongs_to uuid;
UPDATE decide.person SET belongs_to = person_id;
ALTER TABLE decide.person ALTER COLUMN belongs_to SET NOT NULL;
CREATE INDEX person_moved ON decide.person (belongs_to) WHERE belongs_to <> person_id;
CREATE INDEX person_by_family ON decide.person (family_id);

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

-- `number` counts people in the order they became known, so the lowest is the oldest and the last says how many there are.
-- `sealed`: what of a person's descriptions is compared, sealed under a key of the hub that is not in this database.
-- `version` counts its changes: who decided on an older one decides again.
ALTER TABLE decide.person ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE decide.person ADD COLUMN sealed bytea;
ALTER TABLE decide.person ADD COLUMN version integer NOT NULL DEFAULT 0;

-- Where to look for somebody: keyed hashes of parts of a description, 64 bits each. They only find whom to compare, so
-- two values that share a number do no harm. Personal data: only here, never on the log.
DROP TABLE decide.match_key;
CREATE TABLE decide.match_key (
    key       bigint NOT NULL,
    person_id uuid   NOT NULL,
    PRIMARY KEY (key, person_id)
);
CREATE INDEX match_key_by_person ON decide.match_key (person_id);

-- Families whose people must be folded again from the log before anybody is matched: `hub db upgrade` does it.
CREATE TABLE decide.unfolded (
    family_id uuid PRIMARY KEY
);
INSERT INTO decide.unfolded SELECT family_id FROM decide.family;
