-- What an organization keeps about its contacts beside the golden record: labels (tags and groups), notes, the
-- definitions of its own fields, collections and contact types, and the register of gifts.

CREATE TABLE label (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    kind TEXT NOT NULL CHECK (kind IN ('tag', 'group')),
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- The name in lower case: two spellings are one label.
    folded TEXT NOT NULL,
    parent TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (organization_id, kind, id),
    UNIQUE (organization_id, kind, folded)
) STRICT;

-- Which contacts have which label: written with each change of a contact, from its golden record.
CREATE TABLE contact_label (
    organization_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('tag', 'group')),
    label_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (organization_id, kind, label_id, contact_id)
) STRICT;

CREATE INDEX contact_label_contact ON contact_label (organization_id, contact_id, kind);
CREATE INDEX contact_label_id ON contact_label (organization_id, kind, id);

CREATE TABLE contact_note (
    organization_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    note_at INTEGER NOT NULL,
    important INTEGER NOT NULL,
    private INTEGER NOT NULL,
    time_spent TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    modified_by TEXT NOT NULL,
    PRIMARY KEY (organization_id, id)
) STRICT;

CREATE INDEX contact_note_contact ON contact_note (organization_id, contact_id, id);

CREATE TABLE custom_field (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    entity TEXT NOT NULL CHECK (entity IN ('Contact', 'ContactIndividual', 'ContactNote')),
    folded TEXT NOT NULL,
    -- Name, type, options: JSON.
    definition TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    modified_at INTEGER NOT NULL,
    modified_by TEXT NOT NULL,
    PRIMARY KEY (organization_id, entity, folded)
) STRICT;

CREATE TABLE custom_collection (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    id INTEGER NOT NULL,
    entity TEXT NOT NULL CHECK (entity IN ('Contact', 'ContactIndividual', 'ContactNote')),
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, entity, folded)
) STRICT;

CREATE TABLE contact_type (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    folded TEXT NOT NULL,
    name TEXT NOT NULL,
    base TEXT NOT NULL CHECK (base IN ('Household', 'Organization', 'Foundation')),
    PRIMARY KEY (organization_id, folded)
) STRICT;

-- The first transaction of each gift. A gift that comes again counts with that one only.
CREATE TABLE gift (
    organization_id INTEGER NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    transaction_id BLOB NOT NULL,
    PRIMARY KEY (organization_id, source, id)
) STRICT;

CREATE INDEX gift_number ON gift (organization_id, number);

-- Tags of contacts that are on file already. Of several spellings the one of the smallest contact stays.
INSERT INTO label (organization_id, kind, id, name, folded, created_at, created_by)
SELECT organization_id, 'tag', row_number() OVER (PARTITION BY organization_id ORDER BY folded), name, folded, created_at,
    'migration'
FROM (
    SELECT c.organization_id AS organization_id, t.value AS name, lower(t.value) AS folded, c.created_at AS created_at,
        row_number() OVER (PARTITION BY c.organization_id, lower(t.value) ORDER BY c.id) AS place
    FROM contact c, json_each(c.record, '$.tags') t
) WHERE place = 1;

INSERT INTO contact_label (organization_id, kind, label_id, contact_id, id, created_at, created_by)
SELECT organization_id, 'tag', label_id, contact_id,
    row_number() OVER (PARTITION BY organization_id ORDER BY contact_id, label_id), modified_at, 'migration'
FROM (
    SELECT c.organization_id AS organization_id, l.id AS label_id, c.id AS contact_id, c.modified_at AS modified_at
    FROM contact c, json_each(c.record, '$.tags') t
    JOIN label l ON l.organization_id = c.organization_id AND l.kind = 'tag' AND l.folded = lower(t.value)
    GROUP BY c.organization_id, l.id, c.id
);

INSERT INTO id_counter (organization_id, name, next)
SELECT organization_id, 'label', max(id) + 1 FROM label GROUP BY organization_id;
INSERT INTO id_counter (organization_id, name, next)
SELECT organization_id, 'contact_label', max(id) + 1 FROM contact_label GROUP BY organization_id;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('label', 'sqlite_autoindex_label_1', '1000 1000 500 1'),
    ('label', 'sqlite_autoindex_label_2', '1000 1000 500 1'),
    ('contact_label', 'sqlite_autoindex_contact_label_1', '1000000 1000000 500000 1000 1'),
    ('contact_label', 'contact_label_contact', '1000000 1000000 3 2'),
    ('contact_label', 'contact_label_id', '1000000 1000000 500000 1'),
    ('contact_note', 'sqlite_autoindex_contact_note_1', '1000000 1000000 1'),
    ('contact_note', 'contact_note_contact', '1000000 1000000 5 1'),
    ('gift', 'sqlite_autoindex_gift_1', '1000000 1000000 100000 1'),
    ('gift', 'gift_number', '1000000 1000000 1');
