ALTER TABLE held_transaction RESET (autovacuum_vacuum_insert_threshold);
