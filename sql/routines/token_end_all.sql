-- token_end_all: ends the tokens of a user.
-- Row:   number of tokens ended
-- Locks: the user, so that a token made beside it (login_hold, token_hold) is before or after
CREATE PROCEDURE token_end_all(IN p_account CHAR(32), IN p_user CHAR(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_user CHAR(32) DEFAULT NULL;

  SELECT id INTO v_user
    FROM account_user WHERE account_id = p_account AND id = p_user FOR UPDATE;
  DELETE FROM auth_token WHERE account_id = p_account AND user_id = p_user;
  SELECT CAST(ROW_COUNT() AS SIGNED) AS ended;
END
