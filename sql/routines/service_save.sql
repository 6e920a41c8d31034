-- service_save: writes the changed parts of an account's services. The caller holds
-- the lock of service_show.
-- p_billing, p_standing, p_overrides, p_plans, p_quantities  NULL: unchanged
-- p_reason, p_reason_code  go with the standing
-- p_plans       all of them, JSON [{plan, vendor, overrides, contract, version, priced},
--               ...]: overrides and contract as text, the version asked for, the one it
--               pays by; the last three, if any
-- p_quantities  the changed ones, JSON [{scope, category, item, quantity}, ...]; without
--               quantity: removed
-- p_now         Gregorian seconds
-- Errors:       45404 account: unknown; 45409 plan: deleted meanwhile
-- Locks:        the plans assigned, shared, against their deletion
CREATE PROCEDURE service_save(
  IN p_account CHAR(32), IN p_billing CHAR(32), IN p_standing VARCHAR(32), IN p_reason VARCHAR(255),
  IN p_reason_code BIGINT, IN p_overrides LONGTEXT, IN p_plans LONGTEXT, IN p_quantities LONGTEXT,
  IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  UPDATE service
     SET billing_id = COALESCE(p_billing, billing_id),
         reason = IF(p_standing IS NULL, reason, p_reason),
         reason_code = IF(p_standing IS NULL, reason_code, p_reason_code),
         standing = COALESCE(p_standing, standing),
         overrides = COALESCE(p_overrides, overrides),
         version = version + 1, modified = p_now
   WHERE account_id = p_account;
  IF ROW_COUNT() = 0 THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;

  IF p_plans IS NOT NULL THEN
    DELETE FROM service_assignment WHERE account_id = p_account;
    INSERT INTO service_assignment (account_id, plan_id, vendor_id, position, overrides, contract,
                                    version, priced)
      SELECT p_account, t.plan_id, t.vendor_id, t.position, t.overrides, t.contract, t.version,
             t.priced
        FROM JSON_TABLE(p_plans, '$[*]' COLUMNS (
               position  FOR ORDINALITY,
               plan_id   VARCHAR(64) COLLATE utf8mb4_bin PATH '$.plan',
               vendor_id CHAR(32) COLLATE utf8mb4_bin    PATH '$.vendor',
               overrides LONGTEXT COLLATE utf8mb4_bin    PATH '$.overrides',
               contract  LONGTEXT COLLATE utf8mb4_bin    PATH '$.contract',
               version   INT         PATH '$.version',
               priced    INT         PATH '$.priced')) AS t;
  END IF;

  -- Removed rows are marked first: a join with the list would take quadratic time.
  IF p_quantities IS NOT NULL THEN
    INSERT INTO service_quantity (account_id, scope, category, item, quantity)
      SELECT p_account, t.scope, t.category, t.item, COALESCE(t.quantity, -9223372036854775808)
        FROM JSON_TABLE(p_quantities, '$[*]' COLUMNS (
               scope    VARCHAR(8) COLLATE utf8mb4_bin   PATH '$.scope',
               category VARCHAR(128) COLLATE utf8mb4_bin PATH '$.category',
               item     VARCHAR(128) COLLATE utf8mb4_bin PATH '$.item',
               quantity BIGINT       PATH '$.quantity')) AS t
    ON DUPLICATE KEY UPDATE quantity = COALESCE(t.quantity, -9223372036854775808);
    DELETE FROM service_quantity
     WHERE account_id = p_account AND quantity = -9223372036854775808;
  END IF;
END
