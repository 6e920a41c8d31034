-- What was debited in each month, so that twelve months of a list of customers are twelve
-- rows of each. The month of an entry is that of the moment it was created, or, if that
-- was still to come, of the moment it was written.

CREATE TABLE ledger_month (
  account_id CHAR(32)      NOT NULL,
  month      CHAR(6)       NOT NULL COMMENT 'YYYYMM',
  charged    DECIMAL(30,6) NOT NULL COMMENT 'debits, but of rollovers',
  used       DECIMAL(30,6) NOT NULL COMMENT 'the part of it that was for usage',
  PRIMARY KEY (account_id, month)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Debits per account and month';

INSERT INTO ledger_month (account_id, month, charged, used)
  SELECT l.account_id, l.month, SUM(l.amount), SUM(l.used)
    FROM (SELECT account_id, amount, IF(COALESCE(usage_quantity, 0) = 0, 0, amount) AS used,
                 DATE_FORMAT(FROM_DAYS(LEAST(created, recorded) DIV 86400), '%Y%m') AS month
            FROM ledger WHERE type = 'debit' AND service <> 'rollovers' AND amount > 0) AS l
   GROUP BY l.account_id, l.month;

UPDATE ledger_balance AS b
  JOIN (SELECT account_id, MAX(month) AS month FROM ledger_month WHERE used > 0
         GROUP BY account_id) AS last
    ON last.account_id = b.account_id
  JOIN ledger_month AS m ON m.account_id = last.account_id AND m.month = last.month
   SET b.used_month = m.month, b.used = m.used;
