-- Run first by every reevectl migrate: what it needs itself.
CREATE TABLE IF NOT EXISTS schema_migration (
  name     VARCHAR(64) NOT NULL COMMENT 'file in sql/schema',
  checksum CHAR(64)    NOT NULL COMMENT 'SHA-256 of the file, hex',
  applied  BIGINT      NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Migrations applied';
CREATE TABLE IF NOT EXISTS schema_progress (
  name     VARCHAR(64) NOT NULL COMMENT 'file in sql/schema that is being applied',
  done     INT         NOT NULL COMMENT 'its statements that are done',
  begun    INT         NOT NULL COMMENT 'those that were begun: done, or one more',
  checksum CHAR(64)    NOT NULL COMMENT 'SHA-256 of the statements begun, hex',
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Migrations that stopped halfway';
CREATE TABLE IF NOT EXISTS lease (
  name    VARCHAR(64)  NOT NULL COMMENT 'what one at a time may do',
  owner   VARCHAR(160) NOT NULL COMMENT 'who does it; empty: nobody',
  server  VARCHAR(400) NOT NULL COMMENT 'where its connection is',
  expires BIGINT       NOT NULL COMMENT 'Unix seconds of the database',
  PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Leases of work that takes turns';
CREATE TABLE IF NOT EXISTS program (
  host    VARCHAR(64) NOT NULL COMMENT 'where a process uses the database',
  process BIGINT      NOT NULL COMMENT 'its number there',
  name    VARCHAR(64) NOT NULL COMMENT 'of the program',
  expires BIGINT      NOT NULL COMMENT 'Unix seconds of the database',
  PRIMARY KEY (host, process)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Processes that use the database';
