-- The journal: the one place where history is written.
CREATE SCHEMA log;

CREATE TABLE log.event (
    position       bigint      PRIMARY KEY,
    partition      smallint    NOT NULL,
    sequence       bigint      NOT NULL,
    id             uuid        NOT NULL,
    stream         text        NOT NULL,
    stream_version integer     NOT NULL,
    type           text        NOT NULL,
    version        smallint    NOT NULL,
    occurred_at    timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL,
    agency         text        NOT NULL,
    actor          text        NOT NULL,
    basis          text        NOT NULL,
    purpose        text        NOT NULL,
    correlation_id uuid        NOT NULL,
    causation_id   uuid,
    key_id         uuid,
    data           bytea       NOT NULL
);
-- Ciphertext does not compress; trying costs time on every insert.
ALTER TABLE log.event ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE UNIQUE INDEX event_by_sequence ON log.event (partition, sequence);
CREATE UNIQUE INDEX event_by_stream ON log.event (stream, stream_version);
CREATE UNIQUE INDEX event_by_id ON log.event (id);
CREATE INDEX event_by_correlation ON log.event (correlation_id);

-- Last version of each stream: the lock that `expected_version` takes.
CREATE TABLE log.stream (
    stream  text    PRIMARY KEY,
    version integer NOT NULL
);

-- Heads: partition -1 is the global position. Updated as the last statement of every append, which makes
-- positions and sequences gap-free and their order the order of commits.
CREATE TABLE log.head (
    partition smallint PRIMARY KEY,
    last      bigint   NOT NULL
) WITH (fillfactor = 10);

CREATE TABLE log.idempotency (
    key   text   PRIMARY KEY,
    first bigint NOT NULL,
    last  bigint NOT NULL
);

-- History is not changed: not even by a mistake in our own code.
CREATE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only';
END $$;
CREATE TRIGGER event_is_final BEFORE UPDATE OR DELETE ON log.event
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
CREATE TRIGGER event_is_kept BEFORE TRUNCATE ON log.event
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
