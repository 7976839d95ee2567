ALTER TABLE audit DROP COLUMN erased;
ALTER TABLE contact_transaction DROP COLUMN erased_at;
DROP TABLE erasure_salt;
DROP TABLE tombstone;
DROP TABLE erasure;
