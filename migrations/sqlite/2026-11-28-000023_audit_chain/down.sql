DROP TABLE audit_chain;
DROP INDEX audit_position;
ALTER TABLE audit DROP COLUMN hash;
ALTER TABLE audit DROP COLUMN position;
