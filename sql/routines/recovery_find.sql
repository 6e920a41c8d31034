-- recovery_find: the user who asks for a new password. No row: there is no such user, or
-- the user or the account is not in use.
-- p_account   id; NULL: not given
-- p_realm     in lower case; NULL: not given
-- p_name      key of the account's name; NULL: not given. Of many accounts with one name
--             the first 100 are looked at
-- p_username  in lower case
-- p_now       Gregorian seconds
-- Row:        email: NULL: none
CREATE PROCEDURE recovery_find(IN p_account CHAR(32), IN p_realm VARCHAR(253),
  IN p_name VARCHAR(128), IN p_username VARCHAR(256), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_account, v_user CHAR(32) DEFAULT NULL;

  SELECT u.account_id, u.id INTO v_account, v_user
    FROM (SELECT 1 AS place, id FROM account WHERE id = p_account
          UNION ALL
          SELECT 2, id FROM account WHERE realm = p_realm
          UNION ALL
          (SELECT 3, id FROM account WHERE name_key = p_name LIMIT 100)) AS f
    STRAIGHT_JOIN account AS a ON a.id = f.id
    STRAIGHT_JOIN account_user AS u FORCE INDEX (username)
      ON u.account_id = a.id AND u.username = p_username
   WHERE a.deleted IS NULL AND a.enabled = 1 AND (a.expires IS NULL OR a.expires > p_now)
     AND u.enabled = 1
   ORDER BY f.place, a.created, a.id LIMIT 1;
  SELECT u.account_id, u.id AS user_id, u.email FROM account_user AS u
   WHERE u.account_id = v_account AND u.id = v_user;
END
