-- Run first by every reevectl migrate: where migrations are remembered.
CREATE TABLE IF NOT EXISTS schema_migration (
  name     VARCHAR(64) NOT NULL COMMENT 'file in sql/schema',
  checksum CHAR(64)    NOT NULL COMMENT 'SHA-256 of the file, hex',
  applied  BIGINT      NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Migrations applied';
