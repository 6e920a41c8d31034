-- What is accepted and not yet debited counts against the balance of its payer. The
-- accepted lines since an account was last collected, or since the month began, are
-- summed from its trail: units added less units removed at their rate, and what was
-- due at once. Entries that nest deeper than MariaDB reads (32) hold nothing.

CREATE TABLE balance_hold (
  account_id CHAR(32)      NOT NULL COMMENT 'whose charges',
  payer_id   CHAR(32)      NOT NULL COMMENT 'whose balance holds them',
  amount     DECIMAL(20,6) NOT NULL COMMENT 'accepted and not yet debited, above 0',
  today      DECIMAL(20,6) NOT NULL COMMENT 'the part of it that was due at once',
  PRIMARY KEY (account_id),
  KEY payer (payer_id, amount),
  CONSTRAINT hold_account FOREIGN KEY (account_id) REFERENCES account (id),
  CONSTRAINT hold_payer FOREIGN KEY (payer_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Charges that are accepted and not yet debited';

ALTER TABLE ledger_balance
  ADD COLUMN held DECIMAL(30,6) NOT NULL DEFAULT 0 COMMENT 'sum of balance_hold for this payer';

INSERT INTO balance_hold (account_id, payer_id, amount, today)
  SELECT s.account_id, s.billing_id, LEAST(GREATEST(u.lines_sum, 0) + u.today, 1000000000000),
         LEAST(u.today, 1000000000000)
    FROM (SELECT e.account_id,
                 COALESCE(SUM((SELECT SUM(l.units * l.rate)
                                 FROM JSON_TABLE(CONVERT(e.document USING utf8mb4), '$.invoice.items[*]' COLUMNS (
                                        units BIGINT        PATH '$.changes.difference.billable',
                                        rate  DECIMAL(20,6) PATH '$.rate')) AS l)), 0) AS lines_sum,
                 COALESCE(SUM(CAST(JSON_UNQUOTE(JSON_EXTRACT(CONVERT(e.document USING utf8mb4),
                                                              '$.invoice.summary.today'))
                                   AS DECIMAL(20,6))), 0) AS today
            FROM account AS a
            STRAIGHT_JOIN audit_entry AS e ON e.account_id = a.id
             AND e.created > COALESCE(
                   (SELECT MAX(d.done) FROM due_done AS d
                     WHERE d.account_id = a.id AND d.task = 'collect'),
                   TO_DAYS(DATE_FORMAT(UTC_DATE(), '%Y-%m-01')) * 86400 - 1)
           WHERE a.deleted IS NULL AND e.form = 'invoice'
             AND JSON_VALID(CONVERT(e.document USING utf8mb4))
           GROUP BY e.account_id) AS u
    JOIN service AS s ON s.account_id = u.account_id
   WHERE GREATEST(u.lines_sum, 0) + u.today > 0;

INSERT INTO ledger_balance (account_id, amount, held)
  SELECT h.payer_id, 0, h.held
    FROM (SELECT payer_id, SUM(amount) AS held FROM balance_hold GROUP BY payer_id) AS h
ON DUPLICATE KEY UPDATE held = h.held;
