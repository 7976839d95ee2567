-- Contacts that somebody who may not merge them says are one. The lesser number first.
CREATE TABLE merge_suggestion (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    other_contact_id INTEGER NOT NULL,
    note TEXT,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    closed_reason TEXT CHECK (closed_reason IN ('merged', 'notDuplicate', 'declined', 'gone')),
    closed_by TEXT,
    closed_at INTEGER,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE INDEX merge_suggestion_contact ON merge_suggestion (organization_id, contact_id);
CREATE INDEX merge_suggestion_other ON merge_suggestion (organization_id, other_contact_id);
CREATE INDEX merge_suggestion_open ON merge_suggestion (organization_id, id) WHERE closed_at IS NULL;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('merge_suggestion', 'sqlite_autoindex_merge_suggestion_1', '1000 1000 1'),
    ('merge_suggestion', 'merge_suggestion_contact', '1000 1000 1'),
    ('merge_suggestion', 'merge_suggestion_other', '1000 1000 1'),
    ('merge_suggestion', 'merge_suggestion_open', '1000 1000 1');
