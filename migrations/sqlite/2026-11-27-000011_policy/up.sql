-- Versions of an organization's survivorship policy. A document is never changed.
CREATE TABLE policy (
    organization_id INTEGER NOT NULL REFERENCES organization (organization_id),
    number INTEGER NOT NULL,
    document TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, number)
) STRICT;

-- Which version was put in force when; the newest row holds. No number means the shipped policy.
CREATE TABLE policy_activation (
    organization_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    policy_number INTEGER,
    actor TEXT NOT NULL,
    activated_at INTEGER NOT NULL,
    PRIMARY KEY (organization_id, number),
    FOREIGN KEY (organization_id, policy_number) REFERENCES policy (organization_id, number)
) STRICT, WITHOUT ROWID;

-- The policy that a record was decided under goes with it; 0 is the shipped one. It is folded by another one once a
-- person had the contact folded anew.
ALTER TABLE contact_transaction ADD COLUMN policy INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contact_transaction ADD COLUMN refolded_policy INTEGER;
ALTER TABLE direct_record ADD COLUMN policy INTEGER NOT NULL DEFAULT 0;
ALTER TABLE direct_record ADD COLUMN refolded_policy INTEGER;
ALTER TABLE decision ADD COLUMN policy INTEGER NOT NULL DEFAULT 0;
