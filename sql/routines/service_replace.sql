-- service_replace: imports the services of an account again: what they say replaces the
-- payer, the standing, the overrides, the plans and the manual quantities. The account's
-- own quantities and those of the accounts below follow what there is here. The caller
-- holds the lock of service_show.
-- Parameters as service_import; of p_quantities only the scope manual counts
-- Errors: 45404 account: unknown
-- Called by reevectl.
CREATE PROCEDURE service_replace(
  IN p_account CHAR(32), IN p_billing CHAR(32), IN p_standing VARCHAR(32),
  IN p_reason VARCHAR(255), IN p_reason_code BIGINT, IN p_overrides LONGTEXT,
  IN p_document LONGTEXT, IN p_plans LONGTEXT, IN p_quantities LONGTEXT, IN p_modified BIGINT)
SQL SECURITY DEFINER
BEGIN
  UPDATE service
     SET billing_id = p_billing, standing = p_standing, reason = p_reason,
         reason_code = p_reason_code, overrides = p_overrides, document = p_document,
         modified = p_modified, version = version + 1, imported = version
   WHERE account_id = p_account;
  IF ROW_COUNT() = 0 THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  CALL service_assignment_import(p_account, p_plans);
  UPDATE ledger_balance SET standing = p_standing, priced = 0 WHERE account_id = p_account;
  DELETE FROM service_quantity WHERE account_id = p_account AND scope = 'manual';
  INSERT INTO service_quantity (account_id, scope, category, item, quantity)
    SELECT p_account, t.scope, t.category, t.item, t.quantity
      FROM JSON_TABLE(p_quantities, '$[*]' COLUMNS (
             scope    VARCHAR(8) COLLATE utf8mb4_bin   PATH '$.scope',
             category VARCHAR(128) COLLATE utf8mb4_bin PATH '$.category',
             item     VARCHAR(128) COLLATE utf8mb4_bin PATH '$.item',
             quantity BIGINT       PATH '$.quantity')) AS t
     WHERE t.scope = 'manual';
END
