-- How far each intake topic has been taken. A record may be taken twice after a crash; its key makes that one decision.
CREATE SCHEMA intake;

CREATE TABLE intake.place (
    topic       text     NOT NULL,
    partition   smallint NOT NULL,
    next_offset bigint   NOT NULL,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 10);
