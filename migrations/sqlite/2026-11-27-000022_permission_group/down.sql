ALTER TABLE api_key DROP COLUMN permission_group;
DROP TABLE permission_group;
