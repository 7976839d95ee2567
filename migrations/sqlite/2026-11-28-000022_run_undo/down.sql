DROP TABLE run_undo_left;
DROP TABLE run_undo;
