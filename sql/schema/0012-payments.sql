-- Payments: what bookkeepers were asked to charge or give back, and what was
-- credited or debited by hand.

CREATE TABLE payment (
  account_id      CHAR(32)                                NOT NULL,
  id              VARCHAR(64)                             NOT NULL COMMENT 'YYYYMM-hex',
  type            ENUM('sale','refund','credit','debit')  NOT NULL,
  status          ENUM('pending','completed','failed')    NOT NULL COMMENT 'pending: the bookkeeper was asked, or is going to be',
  amount          DECIMAL(20,6)                           NOT NULL COMMENT 'above 0',
  created         BIGINT                                  NOT NULL COMMENT 'Gregorian seconds',
  modified        BIGINT                                  NOT NULL COMMENT 'Gregorian seconds',
  request_key     VARCHAR(255)                            NULL     COMMENT 'Idempotency-Key: of the same key there is one',
  executor        VARCHAR(64)                             NOT NULL COMMENT 'trigger: manual, automatic...',
  credits         TINYINT                                 NOT NULL COMMENT '1: a top-up: completed, it is credited',
  bookkeeper_id   VARCHAR(64)                             NULL,
  bookkeeper_type VARCHAR(64)                             NULL,
  vendor_id       VARCHAR(64)                             NULL,
  reason          VARCHAR(255)                            NULL     COMMENT 'of the bookkeeper''s answer',
  message         TEXT                                    NULL     COMMENT 'for people',
  details         LONGTEXT                                NULL     COMMENT 'JSON',
  document        LONGTEXT                                NOT NULL COMMENT 'other public fields, canonical JSON',
  PRIMARY KEY (account_id, id),
  UNIQUE KEY request_key (account_id, request_key),
  KEY created (account_id, created, id),
  KEY pending (account_id, status, modified),
  CONSTRAINT payment_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Payments';
