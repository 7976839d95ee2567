-- Versions of an organization's survivorship policy. A document is never changed.
CREATE TABLE policy (
    organization_id BIGINT NOT NULL REFERENCES organization (organization_id),
    number BIGINT NOT NULL,
    document TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, number)
);

-- Which version was put in force when; the newest row holds. No number means the shipped policy.
CREATE TABLE policy_activation (
    organization_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    policy_number BIGINT,
    actor TEXT NOT NULL,
    activated_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, number),
    FOREIGN KEY (organization_id, policy_number) REFERENCES policy (organization_id, number)
);

-- The policy that a record was decided under goes with it; 0 is the shipped one. It is folded by another one once a
-- person had the contact folded anew.
ALTER TABLE contact_transaction ADD COLUMN policy BIGINT NOT NULL DEFAULT 0;
ALTER TABLE contact_transaction ADD COLUMN refolded_policy BIGINT;
ALTER TABLE direct_record ADD COLUMN policy BIGINT NOT NULL DEFAULT 0;
ALTER TABLE direct_record ADD COLUMN refolded_policy BIGINT;
ALTER TABLE decision ADD COLUMN policy BIGINT NOT NULL DEFAULT 0;
