DROP INDEX transaction_review_asked;
DROP INDEX transaction_review_assignee;
DROP INDEX bucket_part;
DROP INDEX bucket_score;
DROP INDEX bucket_received;
ALTER TABLE contact_transaction DROP COLUMN best_score;
DELETE FROM sqlite_stat1 WHERE idx IN ('bucket_received', 'bucket_score', 'bucket_part', 'transaction_review_assignee',
    'transaction_review_asked');
