-- user_admin_check: whether an account has an admin who can log in. The caller holds the
-- lock of service_show.
-- Row: found: 0 or 1
CREATE PROCEDURE user_admin_check(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT EXISTS (SELECT 1 FROM account_user
                  WHERE account_id = p_account AND enabled = 1 AND role = 'admin') OR
         EXISTS (SELECT 1 FROM account_user
                  WHERE account_id = p_account AND enabled = 1 AND role IS NULL
                    AND priv_level = 'admin') AS found;
END
