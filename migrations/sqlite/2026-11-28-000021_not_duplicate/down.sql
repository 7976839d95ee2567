DELETE FROM id_counter WHERE name = 'not_duplicate';
DROP TABLE not_duplicate;
