-- service_import: the services of an account, unless they are here already.
-- p_plans       JSON [[plan, vendor, overrides as text, contract as text or null], ...]
-- p_quantities  JSON [[scope, category, item, quantity], ...]
-- Row:    written: 1 or 0
-- Errors: 45404 account: unknown
CREATE PROCEDURE service_import(
  IN p_account CHAR(32), IN p_billing CHAR(32), IN p_standing VARCHAR(32), IN p_overrides LONGTEXT,
  IN p_document LONGTEXT, IN p_plans LONGTEXT, IN p_quantities LONGTEXT, IN p_modified BIGINT)
SQL SECURITY DEFINER
BEGIN
  IF NOT EXISTS (SELECT 1 FROM account WHERE id = p_account) THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  IF EXISTS (SELECT 1 FROM service WHERE account_id = p_account) THEN
    SELECT 0 AS written;
  ELSE
    INSERT INTO service (account_id, billing_id, standing, overrides, document, modified)
    VALUES (p_account, p_billing, p_standing, p_overrides, p_document, p_modified);
    INSERT INTO service_assignment (account_id, plan_id, vendor_id, position, overrides, contract)
      SELECT p_account, t.plan_id, t.vendor_id, t.position, t.overrides, t.contract
        FROM JSON_TABLE(p_plans, '$[*]' COLUMNS (
               position  FOR ORDINALITY,
               plan_id   VARCHAR(64) PATH '$[0]',
               vendor_id CHAR(32)    PATH '$[1]',
               overrides LONGTEXT    PATH '$[2]',
               contract  LONGTEXT    PATH '$[3]')) AS t;
    INSERT INTO service_quantity (account_id, scope, category, item, quantity)
      SELECT p_account, t.scope, t.category, t.item, t.quantity
        FROM JSON_TABLE(p_quantities, '$[*]' COLUMNS (
               scope    VARCHAR(8)   PATH '$[0]',
               category VARCHAR(128) PATH '$[1]',
               item     VARCHAR(128) PATH '$[2]',
               quantity BIGINT       PATH '$[3]')) AS t;
    SELECT 1 AS written;
  END IF;
END
