-- Merges of two contacts by a person, kept for good, also when they were taken back.
CREATE TABLE contact_merge (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    id INTEGER NOT NULL,
    survivor_id INTEGER NOT NULL,
    merged_id INTEGER NOT NULL,
    -- What has to be put back: JSON.
    detail TEXT NOT NULL,
    actor TEXT NOT NULL,
    merged_at INTEGER NOT NULL,
    undone_by TEXT,
    undone_at INTEGER,
    PRIMARY KEY (organization_id, id)
) STRICT;

-- A contact is merged into one other at a time.
CREATE UNIQUE INDEX contact_merge_merged ON contact_merge (organization_id, merged_id) WHERE undone_at IS NULL;
CREATE INDEX contact_merge_survivor ON contact_merge (organization_id, survivor_id) WHERE undone_at IS NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('contact_merge', 'sqlite_autoindex_contact_merge_1', '10000 10000 1'),
    ('contact_merge', 'contact_merge_merged', '10000 10000 1'),
    ('contact_merge', 'contact_merge_survivor', '10000 10000 1');
