-- Ledgers that take entries: what makes two of them one, for whom each arose,
-- and the balance they add up to.

ALTER TABLE ledger
  ADD COLUMN dedupe    BINARY(16)    NULL COMMENT 'of source, account and period: what makes two entries one (sql/README)',
  ADD COLUMN for_id    VARCHAR(64)   NULL COMMENT 'account.id: for whom it arose; NULL: the account itself',
  ADD COLUMN for_name  VARCHAR(255)  NULL COMMENT 'account.name',
  ADD COLUMN counted   TINYINT       NOT NULL DEFAULT 1 COMMENT '0: a rollover, which restates what earlier months add up to',
  ADD COLUMN available DECIMAL(20,6) NULL COMMENT 'the balance before it; NULL: not known',
  ADD UNIQUE KEY dedupe (account_id, dedupe);

UPDATE ledger
   SET for_id = LEFT(JSON_UNQUOTE(JSON_EXTRACT(document, '$.account.id')), 64),
       for_name = LEFT(JSON_UNQUOTE(JSON_EXTRACT(document, '$.account.name')), 255);

UPDATE IGNORE ledger
   SET dedupe = UNHEX(LEFT(SHA2(CONCAT(service, CHAR(10), source_id, CHAR(10), COALESCE(for_id, account_id),
         CHAR(10), COALESCE(period_start, ''), CHAR(10), COALESCE(period_end, '')), 256), 32))
 WHERE source_id IS NOT NULL;

UPDATE ledger AS r
  JOIN (SELECT account_id, LEFT(MIN(id), 6) AS month FROM ledger GROUP BY account_id) AS first
    ON first.account_id = r.account_id
   SET r.counted = 0
 WHERE r.service = 'rollovers' AND r.id LIKE '%-ledgers_monthly_rollover' AND LEFT(r.id, 6) > first.month;

CREATE TABLE ledger_balance (
  account_id CHAR(32)      NOT NULL,
  amount     DECIMAL(20,6) NOT NULL COMMENT 'credits less debits of all counted entries',
  PRIMARY KEY (account_id),
  CONSTRAINT balance_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What each account has to spend';

INSERT INTO ledger_balance (account_id, amount)
  SELECT account_id, SUM(IF(type = 'credit', amount, -amount)) FROM ledger WHERE counted GROUP BY account_id;
