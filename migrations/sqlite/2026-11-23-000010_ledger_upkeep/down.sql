-- Nothing to keep up: SQLite vacuums when it is told to. The migration is here so that both databases have the same.
SELECT 1;
