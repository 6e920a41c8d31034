-- source_replace: rewrites the sources of an account's own quantities, except the
-- imported ones. The caller holds the lock of service_show.
-- p_begin    1: the known sources are deleted first
-- p_sources  further ones: JSON [{source, category, item, quantity}, ...]
-- Called by reevectl.
CREATE PROCEDURE source_replace(IN p_account CHAR(32), IN p_begin TINYINT, IN p_sources LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  IF p_begin THEN
    DELETE FROM service_source WHERE account_id = p_account AND source <> 'import';
  END IF;
  INSERT INTO service_source (account_id, source, category, item, quantity)
    SELECT p_account, t.source, t.category, t.item, t.quantity
      FROM JSON_TABLE(p_sources, '$[*]' COLUMNS (
             source   VARCHAR(100) COLLATE utf8mb4_bin PATH '$.source',
             category VARCHAR(128) COLLATE utf8mb4_bin PATH '$.category',
             item     VARCHAR(128) COLLATE utf8mb4_bin PATH '$.item',
             quantity BIGINT       PATH '$.quantity')) AS t;
END
