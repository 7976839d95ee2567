-- Keys: last use and rotation. Requests of the running hour. What repeats of a request are answered.

ALTER TABLE api_key ADD COLUMN last_used_at BIGINT;
-- The key that this one takes the place of.
ALTER TABLE api_key ADD COLUMN replaces BIGINT;

-- Limits other than the configured one. Key 0 stands for the organization as a whole.
CREATE TABLE request_limit (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    key_id BIGINT NOT NULL,
    per_hour BIGINT NOT NULL,
    PRIMARY KEY (organization_id, key_id)
);

-- Requests of the latest hour (hours since 1970), of all processes. Written about once a second, not per request.
CREATE TABLE request_count (
    organization_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    hour BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    PRIMARY KEY (organization_id, key_id)
);

-- Requests with an Idempotency-Key. Kept for a day.
CREATE TABLE request_once (
    organization_id BIGINT NOT NULL,
    key_id BIGINT NOT NULL,
    token TEXT NOT NULL,
    -- SHA-256 of what was asked for, hex.
    fingerprint TEXT NOT NULL,
    -- Ids of the rows it makes begin here, so that a second try makes the same ones.
    seed BYTEA NOT NULL,
    begun_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- What it made, written in the transaction that made it.
    effect BIGINT,
    -- The answer, as JSON.
    answer TEXT,
    PRIMARY KEY (organization_id, key_id, token)
);

CREATE INDEX request_once_expires ON request_once (organization_id, expires_at);
