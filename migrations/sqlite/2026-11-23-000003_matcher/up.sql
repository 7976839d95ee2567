-- Versions of what an organization's matcher has learnt or was told. A document is never changed.
CREATE TABLE matcher_document (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    number INTEGER NOT NULL,
    document TEXT NOT NULL,
    report TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, number)
) STRICT;

-- Which version was put in force when; the newest row holds. No document means the shipped weights.
CREATE TABLE matcher_activation (
    organization_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    document_number INTEGER,
    actor TEXT NOT NULL,
    activated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, number),
    FOREIGN KEY (organization_id, document_number) REFERENCES matcher_document (organization_id, number)
) STRICT, WITHOUT ROWID;
