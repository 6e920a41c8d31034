-- service_assignment_import: gives an account the plans of its imported services, in
-- the place of all that it has. Internal.
-- p_plans  as service_import
CREATE PROCEDURE service_assignment_import(IN p_account CHAR(32), IN p_plans LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  DELETE FROM service_assignment WHERE account_id = p_account;
  INSERT INTO service_assignment (account_id, plan_id, vendor_id, position, overrides, contract,
                                  version, priced)
    SELECT p_account, t.plan_id, t.vendor_id, t.position, t.overrides, t.contract, t.version,
           (SELECT COALESCE(t.version, h.version) FROM service_plan_head AS h
             WHERE h.account_id = t.vendor_id AND h.id = t.plan_id AND NOT h.deleted)
      FROM JSON_TABLE(p_plans, '$[*]' COLUMNS (
             position  FOR ORDINALITY,
             plan_id   VARCHAR(64) COLLATE utf8mb4_bin PATH '$.plan',
             vendor_id CHAR(32) COLLATE utf8mb4_bin    PATH '$.vendor',
             overrides LONGTEXT COLLATE utf8mb4_bin    PATH '$.overrides',
             contract  LONGTEXT COLLATE utf8mb4_bin    PATH '$.contract',
             version   INT         PATH '$.version')) AS t;
END
