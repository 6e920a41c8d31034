-- source_save: replaces what a source adds to an account's own quantities.
-- The caller holds the lock of service_show.
-- p_sources  JSON [{category, item, quantity}, ...]
CREATE PROCEDURE source_save(IN p_account CHAR(32), IN p_source VARCHAR(100), IN p_sources LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  DELETE FROM service_source WHERE account_id = p_account AND source = p_source;
  IF p_sources <> '[]' THEN
    INSERT INTO service_source (account_id, source, category, item, quantity)
      SELECT p_account, p_source, t.category, t.item, t.quantity
        FROM JSON_TABLE(p_sources, '$[*]' COLUMNS (
               category VARCHAR(128) COLLATE utf8mb4_bin PATH '$.category',
               item     VARCHAR(128) COLLATE utf8mb4_bin PATH '$.item',
               quantity BIGINT       PATH '$.quantity')) AS t;
  END IF;
END
