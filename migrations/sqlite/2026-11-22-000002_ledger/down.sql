DROP TABLE held_tally;
DROP TABLE held_transaction;
