-- The rollovers of an account are found without reading its other entries, which
-- may be of any service, "rollovers" included.

CREATE TABLE ledger_rollover (
  account_id CHAR(32)    NOT NULL,
  id         VARCHAR(64) NOT NULL COMMENT 'of the entry: YYYYMM-ledgers_monthly_rollover',
  PRIMARY KEY (account_id, id),
  CONSTRAINT rollover_ledger FOREIGN KEY (account_id, id) REFERENCES ledger (account_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='The ledger entries that are rollovers';

INSERT INTO ledger_rollover (account_id, id)
  SELECT account_id, id FROM ledger
   WHERE service = 'rollovers' AND id LIKE '%-ledgers_monthly_rollover';
