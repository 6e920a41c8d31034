-- The last run of run-due, for the status page: a timer that no longer runs is seen.

CREATE TABLE due_run (
  id     TINYINT     NOT NULL COMMENT 'always 1',
  at     BIGINT      NOT NULL COMMENT 'when it became so, Gregorian seconds',
  result VARCHAR(16) NOT NULL COMMENT 'running, well, accounts failed, broken off',
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='The last run of run-due over all accounts';
