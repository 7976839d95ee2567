DROP TABLE duplicate_pair;
DROP TABLE duplicate_scan;
