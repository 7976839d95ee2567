-- Versions of what an organization's matcher has learnt or was told. A document is never changed.
CREATE TABLE matcher_document (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    number BIGINT NOT NULL,
    document TEXT NOT NULL,
    report TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, number)
);

-- Which version was put in force when; the newest row holds. No document means the shipped weights.
CREATE TABLE matcher_activation (
    organization_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    document_number BIGINT,
    actor TEXT NOT NULL,
    activated_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, number),
    FOREIGN KEY (organization_id, document_number) REFERENCES matcher_document (organization_id, number)
);
