-- Keys: last use and rotation. Requests of the running hour. What repeats of a request are answered.

ALTER TABLE api_key ADD COLUMN last_used_at INTEGER;
-- The key that this one takes the place of.
ALTER TABLE api_key ADD COLUMN replaces INTEGER;

-- Limits other than the configured one. Key 0 stands for the organization as a whole.
CREATE TABLE request_limit (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    key_id INTEGER NOT NULL,
    per_hour INTEGER NOT NULL,
    PRIMARY KEY (organization_id, key_id)
) STRICT, WITHOUT ROWID;

-- Requests of the latest hour (hours since 1970), of all processes. Written about once a second, not per request.
CREATE TABLE request_count (
    organization_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    hour INTEGER NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (organization_id, key_id)
) STRICT, WITHOUT ROWID;

-- Requests with an Idempotency-Key. Kept for a day.
CREATE TABLE request_once (
    organization_id INTEGER NOT NULL,
    key_id INTEGER NOT NULL,
    token TEXT NOT NULL,
    -- SHA-256 of what was asked for, hex.
    fingerprint TEXT NOT NULL,
    -- Ids of the rows it makes begin here, so that a second try makes the same ones.
    seed BLOB NOT NULL,
    begun_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    -- What it made, written in the transaction that made it.
    effect INTEGER,
    -- The answer, as JSON.
    answer TEXT,
    PRIMARY KEY (organization_id, key_id, token)
) STRICT;

CREATE INDEX request_once_expires ON request_once (organization_id, expires_at);
