-- token_end_all: ends the tokens of a user.
-- Row: number of tokens ended
CREATE PROCEDURE token_end_all(IN p_account CHAR(32), IN p_user CHAR(32))
SQL SECURITY DEFINER
BEGIN
  DELETE FROM auth_token WHERE account_id = p_account AND user_id = p_user;
  SELECT CAST(ROW_COUNT() AS SIGNED) AS ended;
END
