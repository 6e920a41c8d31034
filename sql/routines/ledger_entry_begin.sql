-- ledger_entry_begin: makes new_entry, an empty temporary table. The caller fills it
-- with entries for ledger_entry_write. Internal.
-- The table may stay afterwards: to make another costs more than to write an entry.
-- Columns: those of ledger without document, and
--   n          the order of the entries of an account, which decides available
--   document_start, document_bytes  where in the documents its own begins (from 1), and its
--              length: a document is long, and is written once, into ledger
--   available  the account's balance before the first of them; NULL: not known
--   state      'written': to be written; anything else: left out
CREATE PROCEDURE ledger_entry_begin()
SQL SECURITY DEFINER
BEGIN
  CREATE TEMPORARY TABLE IF NOT EXISTS new_entry (
    n INT NOT NULL, account_id CHAR(32) NOT NULL, id VARCHAR(64) NOT NULL,
    type VARCHAR(6) NOT NULL, service VARCHAR(128) NOT NULL, source_id VARCHAR(255) NULL,
    amount DECIMAL(20,6) NOT NULL, usage_type VARCHAR(64) NULL, usage_quantity BIGINT NULL,
    usage_unit VARCHAR(32) NULL, period_start BIGINT NULL, period_end BIGINT NULL,
    created BIGINT NOT NULL, for_id VARCHAR(64) NULL, for_name VARCHAR(255) NULL,
    dedupe BINARY(16) NULL, document_start BIGINT NOT NULL, document_bytes BIGINT NOT NULL,
    counted TINYINT NOT NULL DEFAULT 1,
    available DECIMAL(20,6) NULL, state VARCHAR(8) NULL, PRIMARY KEY (n)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
  DELETE FROM new_entry;
END
