-- Contacts whose data were erased on request. The row stays, and says nothing of what they were.
CREATE TABLE erasure (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    -- Numbers of contacts and counts of rows: JSON.
    detail TEXT NOT NULL,
    actor TEXT NOT NULL,
    erased_at BIGINT NOT NULL,
    lifted_by TEXT,
    lifted_at BIGINT,
    PRIMARY KEY (organization_id, id)
);

-- Salted hashes of what they were known by, so that the next sync does not bring them back. Removed when lifted.
CREATE TABLE tombstone (
    organization_id BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    erasure_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('email', 'phone', 'reference', 'nameAndAddress')),
    PRIMARY KEY (organization_id, hash, erasure_id)
);
CREATE INDEX tombstone_erasure ON tombstone (organization_id, erasure_id);

-- Made with the first erasure of an organization.
CREATE TABLE erasure_salt (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    salt BYTEA NOT NULL,
    PRIMARY KEY (organization_id)
);

-- Since when the content of a submission is gone; what became of it stays.
ALTER TABLE contact_transaction ADD COLUMN erased_at BIGINT;
-- SHA-256 of the changes that were blanked: the chain is held against it in their place.
ALTER TABLE audit ADD COLUMN erased BYTEA;
