-- What can be asked of a contact, as one short text, written with each change from its golden record. Narrow, so that
-- a million of them can be read for a query.
CREATE TABLE contact_facts (
    organization_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    archived BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (organization_id, contact_id)
);

-- Counts and pages by number without touching the facts.
CREATE INDEX contact_facts_archived ON contact_facts (organization_id, archived, contact_id);
-- What changed since.
CREATE INDEX contact_facts_modified ON contact_facts (organization_id, modified_at, contact_id);

-- Every word that a name was ever made of, in the order of its bytes. A search finds the likely ones here, and then by
-- match_key who has them.
CREATE TABLE search_word (
    organization_id BIGINT NOT NULL,
    word TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (organization_id, word)
);
