-- The original bytes of each submission, sealed: "what exactly did the school send?" has an answer.
CREATE SCHEMA original;

CREATE TABLE original.submission (
    submission_id uuid        PRIMARY KEY,
    agency        text        NOT NULL,
    format        text        NOT NULL,
    key_id        uuid        NOT NULL,
    received_at   timestamptz NOT NULL
);

-- `attempt` is the submission's own id, or for a file the upload that these chunks came by: two uploads of one file at
-- once do not write into each other, and the first that is whole counts.
CREATE TABLE original.chunk (
    submission_id uuid    NOT NULL,
    attempt       uuid    NOT NULL,
    number        integer NOT NULL,
    sealed        bytea   NOT NULL,
    PRIMARY KEY (submission_id, attempt, number)
);
ALTER TABLE original.chunk ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- Files on their way through intake. A sender that was cut off comes back with the same key, finds the same submission and
-- goes on; `fingerprint` and `attempt` stand once all bytes are here, `receipt` (no personal data) once all of it is decided.
CREATE TABLE original.file (
    agency        text        NOT NULL,
    idempotency   text        NOT NULL,
    submission_id uuid        NOT NULL UNIQUE,
    received_at   timestamptz NOT NULL,
    fingerprint   text,
    attempt       uuid,
    receipt       bytea,
    PRIMARY KEY (agency, idempotency)
);
