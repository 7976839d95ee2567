-- The holding ledger. On SQLite it is a database file of its own, so nothing here refers to the main tables.

CREATE TABLE held_transaction (
    organization_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    reference_source TEXT,
    reference_id TEXT,
    key_id INTEGER,
    body TEXT NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT, WITHOUT ROWID;

-- Not partial: it is also the narrow index over which the rows are counted.
CREATE INDEX held_transaction_reference
    ON held_transaction (organization_id, reference_source, reference_id, id);

-- Counted when rows are held, never derived from them.
CREATE TABLE held_tally (
    organization_id INTEGER NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (organization_id)
) STRICT, WITHOUT ROWID;
