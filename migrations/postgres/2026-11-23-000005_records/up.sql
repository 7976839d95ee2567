-- What an organization keeps about its contacts beside the golden record: labels (tags and groups), notes, the
-- definitions of its own fields, collections and contact types, and the register of gifts.

CREATE TABLE label (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    kind TEXT NOT NULL CHECK (kind IN ('tag', 'group')),
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- The name in lower case: two spellings are one label.
    folded TEXT NOT NULL,
    parent TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (organization_id, kind, id),
    UNIQUE (organization_id, kind, folded)
);

-- Which contacts have which label: written with each change of a contact, from its golden record.
CREATE TABLE contact_label (
    organization_id BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('tag', 'group')),
    label_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (organization_id, kind, label_id, contact_id)
);

CREATE INDEX contact_label_contact ON contact_label (organization_id, contact_id, kind);
CREATE INDEX contact_label_id ON contact_label (organization_id, kind, id);

CREATE TABLE contact_note (
    organization_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    note TEXT NOT NULL,
    note_at BIGINT NOT NULL,
    important BOOLEAN NOT NULL,
    private BOOLEAN NOT NULL,
    time_spent TEXT,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    modified_at BIGINT NOT NULL,
    modified_by TEXT NOT NULL,
    PRIMARY KEY (organization_id, id)
);

CREATE INDEX contact_note_contact ON contact_note (organization_id, contact_id, id);

CREATE TABLE custom_field (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    entity TEXT NOT NULL CHECK (entity IN ('Contact', 'ContactIndividual', 'ContactNote')),
    folded TEXT NOT NULL,
    -- Name, type, options: JSON.
    definition TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    modified_at BIGINT NOT NULL,
    modified_by TEXT NOT NULL,
    PRIMARY KEY (organization_id, entity, folded)
);

CREATE TABLE custom_collection (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    id BIGINT NOT NULL,
    entity TEXT NOT NULL CHECK (entity IN ('Contact', 'ContactIndividual', 'ContactNote')),
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (organization_id, id),
    UNIQUE (organization_id, entity, folded)
);

CREATE TABLE contact_type (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    folded TEXT NOT NULL,
    name TEXT NOT NULL,
    base TEXT NOT NULL CHECK (base IN ('Household', 'Organization', 'Foundation')),
    PRIMARY KEY (organization_id, folded)
);

-- The first transaction of each gift. A gift that comes again counts with that one only.
CREATE TABLE gift (
    organization_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    transaction_id BYTEA NOT NULL,
    PRIMARY KEY (organization_id, source, id)
);

CREATE INDEX gift_number ON gift (organization_id, number);

-- Tags of contacts that are on file already. Of several spellings the one of the smallest contact stays.
INSERT INTO label (organization_id, kind, id, name, folded, created_at, created_by)
SELECT organization_id, 'tag', row_number() OVER (PARTITION BY organization_id ORDER BY folded), name, folded, created_at,
    'migration'
FROM (
    SELECT c.organization_id AS organization_id, t.value AS name, lower(t.value) AS folded, c.created_at AS created_at,
        row_number() OVER (PARTITION BY c.organization_id, lower(t.value) ORDER BY c.id) AS place
    FROM contact c CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(c.record::jsonb -> 'tags', '[]'::jsonb)) AS t (value)
) AS tags WHERE place = 1;

INSERT INTO contact_label (organization_id, kind, label_id, contact_id, id, created_at, created_by)
SELECT organization_id, 'tag', label_id, contact_id,
    row_number() OVER (PARTITION BY organization_id ORDER BY contact_id, label_id), modified_at, 'migration'
FROM (
    SELECT c.organization_id AS organization_id, l.id AS label_id, c.id AS contact_id, c.modified_at AS modified_at
    FROM contact c CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(c.record::jsonb -> 'tags', '[]'::jsonb)) AS t (value)
    JOIN label l ON l.organization_id = c.organization_id AND l.kind = 'tag' AND l.folded = lower(t.value)
    GROUP BY c.organization_id, l.id, c.id, c.modified_at
) AS tagged;

INSERT INTO id_counter (organization_id, name, next)
SELECT organization_id, 'label', max(id) + 1 FROM label GROUP BY organization_id;
INSERT INTO id_counter (organization_id, name, next)
SELECT organization_id, 'contact_label', max(id) + 1 FROM contact_label GROUP BY organization_id;
