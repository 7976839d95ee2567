-- What can be asked of a contact, as one short text, written with each change from its golden record. Narrow, so that
-- a million of them can be read for a query.
CREATE TABLE contact_facts (
    organization_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (organization_id, contact_id)
) STRICT, WITHOUT ROWID;

-- Counts and pages by number without touching the facts.
CREATE INDEX contact_facts_archived ON contact_facts (organization_id, archived, contact_id);
-- What changed since.
CREATE INDEX contact_facts_modified ON contact_facts (organization_id, modified_at, contact_id);

-- Every word that a name was ever made of. A search finds the likely ones here, and then by match_key who has them.
CREATE TABLE search_word (
    organization_id INTEGER NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (organization_id, word)
) STRICT, WITHOUT ROWID;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('contact_facts', 'contact_facts', '1000000 1000000 1'),
    ('contact_facts', 'contact_facts_archived', '1000000 1000000 900000 1'),
    ('contact_facts', 'contact_facts_modified', '1000000 1000000 100 1'),
    ('search_word', 'search_word', '300000 300000 1');
