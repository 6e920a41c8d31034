-- Entries about invoices are found by what they say: who made the change, with which
-- request, and which items and categories it changed. Both tables are made of the
-- trail alone, and can be made again of it (audit_day_rebuild).

CREATE TABLE audit_mark (
  account_id CHAR(32)     NOT NULL,
  created    BIGINT       NOT NULL COMMENT 'of the entry, Gregorian seconds',
  sequence   BIGINT       NOT NULL COMMENT 'of the entry',
  who        VARCHAR(64)  NULL     COMMENT 'user, else operator of reevectl, else account of the API key',
  request_id VARCHAR(128) NULL,
  PRIMARY KEY (account_id, created, sequence),
  KEY place (created, account_id, sequence),
  KEY who (who, created, account_id, sequence),
  KEY request (request_id, created, account_id, sequence)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Audit entries about invoices, by who and request';

CREATE TABLE audit_touch (
  account_id CHAR(32)     NOT NULL,
  service    VARCHAR(128) NOT NULL COMMENT 'an item or a category that the entry changed',
  created    BIGINT       NOT NULL COMMENT 'of the entry, Gregorian seconds',
  sequence   BIGINT       NOT NULL COMMENT 'of the entry',
  PRIMARY KEY (account_id, service, created, sequence),
  KEY place (service, created, account_id, sequence)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Audit entries about invoices, by what they changed';
