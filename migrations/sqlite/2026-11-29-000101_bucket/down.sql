DROP INDEX transaction_review_asked;
DROP INDEX transaction_review_assignee;
DROP INDEX bucket_score;
DROP INDEX contact_transaction_open;
ALTER TABLE contact_transaction DROP COLUMN best_score;
CREATE INDEX contact_transaction_open
    ON contact_transaction (organization_id, state, id) WHERE state = 'held' OR state = 'needs_update';
DELETE FROM sqlite_stat1 WHERE idx IN
    ('contact_transaction_open', 'bucket_score', 'transaction_review_assignee', 'transaction_review_asked');
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('contact_transaction', 'contact_transaction_open', '50000 50000 25000 1');
