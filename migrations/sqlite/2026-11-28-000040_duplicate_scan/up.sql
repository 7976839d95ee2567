-- Pairs of contacts that may be one, found over the whole database, and how far the search has come.
CREATE TABLE duplicate_scan (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    id INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('running', 'done')),
    -- Contacts up to this one are looked at; those after the last one came later.
    position INTEGER NOT NULL,
    last_contact INTEGER NOT NULL,
    contacts INTEGER NOT NULL,
    total INTEGER NOT NULL,
    weights_version TEXT NOT NULL,
    actor TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (organization_id, id)
) STRICT;
CREATE INDEX duplicate_scan_running ON duplicate_scan (organization_id, id) WHERE state = 'running';

-- The lesser number first. A pair stays when it is closed, with the reason.
CREATE TABLE duplicate_pair (
    organization_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    other_contact_id INTEGER NOT NULL,
    score REAL NOT NULL,
    band TEXT NOT NULL CHECK (band IN ('certain', 'likely')),
    -- The candidate as the matcher gave it, which is one of the two, met by the other: levels and bits, no values.
    explanation TEXT NOT NULL,
    weights_version TEXT NOT NULL,
    -- The scan that found it last.
    scan_id INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    closed_reason TEXT CHECK (closed_reason IN ('merged', 'notDuplicate', 'gone', 'noLonger')),
    closed_at INTEGER,
    PRIMARY KEY (organization_id, contact_id, other_contact_id)
) STRICT, WITHOUT ROWID;
-- The other side of a contact's pairs.
CREATE INDEX duplicate_pair_other ON duplicate_pair (organization_id, other_contact_id);
-- The open ones, the surest first.
CREATE INDEX duplicate_pair_open ON duplicate_pair (organization_id, score, contact_id, other_contact_id)
    WHERE closed_at IS NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('duplicate_scan', 'sqlite_autoindex_duplicate_scan_1', '100 100 1'),
    ('duplicate_scan', 'duplicate_scan_running', '2 2 1'),
    ('duplicate_pair', 'duplicate_pair', '100000 100000 2 1'),
    ('duplicate_pair', 'duplicate_pair_other', '100000 100000 2'),
    ('duplicate_pair', 'duplicate_pair_open', '100000 100000 2 1 1');
