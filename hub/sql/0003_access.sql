-- Who may knock: client credentials of agencies. Not on the log and not rebuilt from it; issued anew after a loss.
CREATE SCHEMA access;

CREATE TABLE access.client (
    client_id   text        PRIMARY KEY,
    agency      text        NOT NULL,
    secret_hash bytea       NOT NULL,
    issued_at   timestamptz NOT NULL,
    revoked_at  timestamptz
);
CREATE INDEX client_by_agency ON access.client (agency);
