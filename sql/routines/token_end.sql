-- token_end: ends the tokens of an account that were made by a method for users of a
-- priv_level, under other rules than these.
-- p_priv_level  'admin' also for tokens without a user
-- p_rules       NULL: none
CREATE PROCEDURE token_end(
  IN p_account CHAR(32), IN p_method VARCHAR(32), IN p_priv_level VARCHAR(32), IN p_rules TEXT)
SQL SECURITY DEFINER
BEGIN
  DELETE t
    FROM auth_token AS t
    LEFT JOIN account_user AS u ON u.account_id = t.account_id AND u.id = t.user_id
   WHERE t.account_id = p_account AND t.method = p_method
     AND COALESCE(u.priv_level, 'admin') = p_priv_level AND NOT (t.rules <=> p_rules);
END
