-- Of two that correct a balance at once, on whatever nodes of a cluster, the second
-- sees that the first did.

ALTER TABLE ledger_balance
  ADD COLUMN corrections BIGINT NOT NULL DEFAULT 0 COMMENT 'how often audit rebuild has corrected it';
