-- object_secret_list: the objects of a kind of all accounts, by account and id: for
-- kinds whose documents have secrets, of which there are few.
-- p_account, p_id  only objects after this one; '' from the beginning
-- Called by reevectl.
CREATE PROCEDURE object_secret_list(IN p_kind VARCHAR(32), IN p_account CHAR(32),
  IN p_id VARCHAR(64), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT account_id, id, document FROM object
   WHERE kind = p_kind AND account_id >= p_account
     AND (account_id > p_account OR id > p_id)
   ORDER BY account_id, id LIMIT p_limit;
END
