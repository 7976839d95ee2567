-- Rows of the ledger live until the next batch. Vacuuming them because they are new would read the whole day's
-- submissions several times while more arrive; what the batch deletes is vacuumed as everywhere.
ALTER TABLE held_transaction SET (autovacuum_vacuum_insert_threshold = -1);
