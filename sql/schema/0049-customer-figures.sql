-- The row of an account's balance also has what a list of its seller's customers shows,
-- so that the list is read in any of its orders by an index. What plans and quantities
-- cost is known where there are neither plans nor overrides; run-due finds out the rest.

ALTER TABLE ledger_balance
  ADD COLUMN seller_id   CHAR(32)     NULL COMMENT 'its reseller; NULL: the master account, or deleted',
  ADD COLUMN name        VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL DEFAULT '' COMMENT 'of account; this and the next seven are copies',
  ADD COLUMN realm       VARCHAR(253) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL DEFAULT '' COMMENT 'empty: none',
  ADD COLUMN standing    VARCHAR(32)  CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL DEFAULT '' COMMENT 'of service',
  ADD COLUMN is_reseller TINYINT      NOT NULL DEFAULT 0,
  ADD COLUMN enabled     TINYINT      NOT NULL DEFAULT 1,
  ADD COLUMN created     BIGINT       NOT NULL DEFAULT 0 COMMENT 'Gregorian seconds',
  ADD COLUMN available   DECIMAL(30,6) GENERATED ALWAYS AS (amount - held) STORED COMMENT 'the balance less what is held of it',
  ADD COLUMN recurring   DECIMAL(20,6) NOT NULL DEFAULT 0 COMMENT 'a month, of its current invoices',
  ADD COLUMN priced      TINYINT      NOT NULL DEFAULT 1 COMMENT '0: recurring is not known; run-due finds it out',
  ADD COLUMN changed_month CHAR(6)    NOT NULL DEFAULT '' COMMENT 'YYYYMM: the last in which recurring changed; empty: none',
  ADD COLUMN recurring_before DECIMAL(20,6) NULL COMMENT 'recurring at the end of the month before that; NULL: not known',
  ADD COLUMN used_month  CHAR(6)      NOT NULL DEFAULT '' COMMENT 'YYYYMM: the last with usage; empty: none',
  ADD COLUMN used        DECIMAL(30,6) NOT NULL DEFAULT 0 COMMENT 'debited for usage in that month',
  ADD KEY by_name (seller_id, name),
  ADD KEY by_realm (seller_id, realm),
  ADD KEY by_standing (seller_id, standing),
  ADD KEY by_created (seller_id, created),
  ADD KEY by_amount (seller_id, amount),
  ADD KEY by_available (seller_id, available),
  ADD KEY by_recurring (seller_id, recurring),
  ADD KEY by_usage (seller_id, used_month, used),
  ADD KEY by_change (seller_id, changed_month, recurring, recurring_before, priced),
  ADD KEY priced (priced, account_id);

INSERT INTO ledger_balance (account_id, amount)
  SELECT a.id, 0
    FROM account AS a LEFT JOIN ledger_balance AS b ON b.account_id = a.id
   WHERE a.deleted IS NULL AND b.account_id IS NULL;

UPDATE ledger_balance AS b
  JOIN account AS a ON a.id = b.account_id
  JOIN service AS s ON s.account_id = b.account_id
   SET b.seller_id = IF(a.master = 1, NULL, a.reseller_id), b.name = a.name,
       b.realm = COALESCE(a.realm, ''), b.standing = s.standing, b.is_reseller = a.is_reseller,
       b.enabled = a.enabled, b.created = a.created,
       b.priced = IF(s.overrides = '{}' AND NOT EXISTS (SELECT 1 FROM service_assignment AS x
                                                         WHERE x.account_id = b.account_id), 1, 0)
 WHERE a.deleted IS NULL;
