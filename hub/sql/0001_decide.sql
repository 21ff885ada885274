-- Decision tables: what a decision looks up, written in the same transaction as the append, and folded again from the log.
CREATE SCHEMA decide;

CREATE TABLE decide.agency (
    code       text    PRIMARY KEY,
    kind       text    NOT NULL,
    title      text    NOT NULL,
    identifier text    NOT NULL,
    purposes   text[]  NOT NULL,
    bases      text[]  NOT NULL,
    suspended  boolean NOT NULL DEFAULT false
);

-- One row for each submission or part of a file ever decided: the idempotency key lives as long as the log.
CREATE TABLE decide.submission (
    agency         text        NOT NULL,
    idempotency    text        NOT NULL,
    fingerprint    text        NOT NULL,
    submission_id  uuid        NOT NULL,
    received_at    timestamptz NOT NULL,
    outcome        text        NOT NULL,
    code           text        NOT NULL,
    PRIMARY KEY (agency, idempotency)
);

CREATE TABLE decide.family (
    family_id uuid PRIMARY KEY,
    matter_id uuid,
    queue     text
) WITH (fillfactor = 80);

-- `described` is a keyed hash of the newest description, so that an unchanged person is not recorded again.
CREATE TABLE decide.person (
    person_id uuid  PRIMARY KEY,
    family_id uuid  NOT NULL,
    described bytea NOT NULL
) WITH (fillfactor = 80);

-- Blind indexes: keyed hashes of what people match on. Personal data: only here, never on the log.
CREATE TABLE decide.match_key (
    key       bytea NOT NULL,
    person_id uuid  NOT NULL,
    PRIMARY KEY (key, person_id)
);
CREATE INDEX match_key_by_person ON decide.match_key (person_id);

-- Which referral an agency's own case reference means; the reference is a keyed hash.
CREATE TABLE decide.referral (
    agency      text NOT NULL,
    reference   text NOT NULL,
    referral_id uuid NOT NULL,
    family_id   uuid NOT NULL,
    matter_id   uuid NOT NULL,
    PRIMARY KEY (agency, reference)
);
