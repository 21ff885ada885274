-- Bookkeeping of the projectors. A read model is known by the schema its tables live in (`rm_<name>_<version>`, or that
-- with `_next` while it is being rebuilt): name and version in one word.
CREATE SCHEMA projection;

-- How far each read model has carried each partition; moved in the transaction that writes the rows.
CREATE TABLE projection.position (
    model     text        NOT NULL,
    partition smallint    NOT NULL,
    sequence  bigint      NOT NULL DEFAULT 0,
    moved_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (model, partition)
) WITH (fillfactor = 20);

-- Worker processes that are alive, to share the partitions out evenly.
CREATE TABLE projection.worker (
    owner      uuid        PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

-- Who carries a partition. The epoch grows with every claim, and expiry is by this database's clock alone.
CREATE TABLE projection.lease (
    partition  smallint    PRIMARY KEY,
    owner      uuid,
    epoch      bigint      NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 20);

-- Events that could not be applied, and the later ones of their streams, which wait behind them. By reference: never a
-- copy of the payload, which would survive the erasure of its key. `error` is the class of the error alone; it is null
-- for an event that only waits.
CREATE TABLE projection.parked (
    model          text        NOT NULL,
    partition      smallint    NOT NULL,
    sequence       bigint      NOT NULL,
    stream         text        NOT NULL,
    stream_version integer     NOT NULL,
    error          text,
    attempts       integer     NOT NULL DEFAULT 1,
    parked_at      timestamptz NOT NULL DEFAULT now(),
    next_try       timestamptz NOT NULL,
    PRIMARY KEY (model, partition, sequence)
);
CREATE INDEX parked_by_stream ON projection.parked (model, stream, sequence);

-- What stands still until somebody looks: a read model as a whole (partition -1), or a partition for all (model '*').
CREATE TABLE projection.trouble (
    model     text        NOT NULL,
    partition smallint    NOT NULL,
    sequence  bigint,
    error     text        NOT NULL,
    since     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (model, partition)
);
