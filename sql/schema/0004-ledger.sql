-- Ledger entries: money and usage charged to an account. Amounts are exact and
-- never negative; the type says which way they go.

CREATE TABLE ledger (
  account_id     CHAR(32)               NOT NULL,
  id             VARCHAR(64)            NOT NULL COMMENT 'document id, YYYYMM-hex',
  type           ENUM('credit','debit') NOT NULL,
  service        VARCHAR(128)           NOT NULL COMMENT 'source.service',
  source_id      VARCHAR(255)           NULL     COMMENT 'source.id',
  amount         DECIMAL(20,6)          NOT NULL DEFAULT 0,
  usage_type     VARCHAR(64)            NULL,
  usage_quantity BIGINT                 NULL     COMMENT 'NULL: no usage',
  usage_unit     VARCHAR(32)            NULL,
  period_start   BIGINT                 NULL     COMMENT 'Gregorian seconds',
  period_end     BIGINT                 NULL     COMMENT 'Gregorian seconds',
  created        BIGINT                 NOT NULL COMMENT 'Gregorian seconds; decides the day',
  recorded       BIGINT                 NOT NULL COMMENT 'Gregorian seconds',
  document       LONGTEXT               NOT NULL COMMENT 'public fields, canonical JSON',
  PRIMARY KEY (account_id, id),
  KEY created (account_id, created, id),
  KEY service (account_id, service, created, id),
  CONSTRAINT ledger_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Ledger entries';
