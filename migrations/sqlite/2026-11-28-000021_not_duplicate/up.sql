-- What people said is not one: a contact, and another contact, a reference or a single submission.
CREATE TABLE not_duplicate (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    other_contact_id INTEGER,
    reference_source TEXT,
    reference_id TEXT,
    transaction_id BLOB,
    -- What was known of either side when it was said, where it holds only until more is known.
    contact_known INTEGER,
    other_known INTEGER,
    note TEXT,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    revoked_by TEXT,
    revoked_at INTEGER,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE INDEX not_duplicate_contact ON not_duplicate (organization_id, contact_id);
CREATE INDEX not_duplicate_other ON not_duplicate (organization_id, other_contact_id) WHERE other_contact_id IS NOT NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('not_duplicate', 'sqlite_autoindex_not_duplicate_1', '10000 10000 1'),
    ('not_duplicate', 'not_duplicate_contact', '10000 10000 1'),
    ('not_duplicate', 'not_duplicate_other', '10000 10000 1');
