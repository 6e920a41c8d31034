-- What the calendar asks for: which of it was done for which account, and the
-- quantities of accounts where months meet.

CREATE TABLE due_done (
  account_id CHAR(32)    NOT NULL,
  task       VARCHAR(32) NOT NULL COMMENT 'of reevectl run-due',
  period     VARCHAR(8)  NOT NULL COMMENT 'what it was done for: the month, YYYYMM',
  done       BIGINT      NOT NULL COMMENT 'Gregorian seconds',
  PRIMARY KEY (account_id, task, period),
  KEY task (task, period),
  CONSTRAINT due_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What was done when it was due, written with it';

CREATE TABLE service_snapshot (
  account_id CHAR(32) NOT NULL,
  month      CHAR(6)  NOT NULL COMMENT 'YYYYMM',
  bom        LONGTEXT NULL COMMENT 'quantities when it began: the three tables, canonical JSON; NULL: not known',
  eom        LONGTEXT NULL COMMENT 'quantities when it ended; NULL: not known',
  PRIMARY KEY (account_id, month),
  CONSTRAINT snapshot_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Quantities at the beginning and the end of months';
