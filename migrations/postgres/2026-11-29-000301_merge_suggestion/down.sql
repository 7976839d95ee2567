DELETE FROM id_counter WHERE name = 'merge_suggestion';
DROP TABLE merge_suggestion;
