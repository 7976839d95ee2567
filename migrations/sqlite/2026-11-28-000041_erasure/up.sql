-- Contacts whose data were erased on request. The row stays, and says nothing of what they were.
CREATE TABLE erasure (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    -- Numbers of contacts and counts of rows: JSON.
    detail TEXT NOT NULL,
    actor TEXT NOT NULL,
    erased_at INTEGER NOT NULL,
    lifted_by TEXT,
    lifted_at INTEGER,
    PRIMARY KEY (organization_id, id)
) STRICT;

-- Salted hashes of what they were known by, so that the next sync does not bring them back. Removed when lifted.
CREATE TABLE tombstone (
    organization_id INTEGER NOT NULL,
    hash BLOB NOT NULL,
    erasure_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('email', 'phone', 'reference', 'nameAndAddress')),
    PRIMARY KEY (organization_id, hash, erasure_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstone_erasure ON tombstone (organization_id, erasure_id);

-- Made with the first erasure of an organization.
CREATE TABLE erasure_salt (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    salt BLOB NOT NULL,
    PRIMARY KEY (organization_id)
) STRICT, WITHOUT ROWID;

-- Since when the content of a submission is gone; what became of it stays.
ALTER TABLE contact_transaction ADD COLUMN erased_at INTEGER;
-- SHA-256 of the changes that were blanked: the chain is held against it in their place.
ALTER TABLE audit ADD COLUMN erased BLOB;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('erasure', 'sqlite_autoindex_erasure_1', '1000 1000 1'),
    ('tombstone', 'tombstone', '10000 10000 1 1'),
    ('tombstone', 'tombstone_erasure', '10000 10000 8');
