ALTER TABLE decision DROP COLUMN policy;
ALTER TABLE direct_record DROP COLUMN refolded_policy;
ALTER TABLE direct_record DROP COLUMN policy;
ALTER TABLE contact_transaction DROP COLUMN refolded_policy;
ALTER TABLE contact_transaction DROP COLUMN policy;
DROP TABLE policy_activation;
DROP TABLE policy;
