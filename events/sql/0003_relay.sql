-- What the relay has carried to Kafka. Not rebuilt from the log: the topic itself tells it again.
CREATE SCHEMA relay;

-- One relay is active. The epoch goes up with every change of hands, and everything a relay notes names its epoch.
CREATE TABLE relay.lease (
    name   text        PRIMARY KEY,
    epoch  bigint      NOT NULL,
    holder uuid        NOT NULL,
    until  timestamptz NOT NULL
);

-- Every record up to `sequence` is acknowledged by Kafka.
CREATE TABLE relay.confirmed (
    topic     text     NOT NULL,
    partition smallint NOT NULL,
    sequence  bigint   NOT NULL,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 10);

-- Where each record lies: the record of sequence s, first <= s <= last, has offset s + shift. A row holds a run without
-- copies between, so that an install has few rows for ever.
CREATE TABLE relay.published (
    topic     text     NOT NULL,
    partition smallint NOT NULL,
    first     bigint   NOT NULL,
    last      bigint   NOT NULL,
    shift     bigint   NOT NULL,
    PRIMARY KEY (topic, partition, first)
) WITH (fillfactor = 50);
