-- The credits of an account are found without reading its debits, and the debits
-- without its credits.

ALTER TABLE ledger ADD KEY type (account_id, type, created, id);
