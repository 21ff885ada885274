-- Wrapped data keys, apart from what they seal, so that they can have their own role and backup.
CREATE SCHEMA keys;

CREATE TABLE keys.data_key (
    id           uuid        PRIMARY KEY,
    wrapped      bytea,
    created_at   timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
