-- answer_keep: remembers the answer of a request that answer_take began.
CREATE PROCEDURE answer_keep(IN p_account CHAR(32), IN p_name VARCHAR(255), IN p_status INT,
  IN p_entity TINYINT, IN p_location TEXT, IN p_body LONGTEXT, IN p_metadata TEXT)
SQL SECURITY DEFINER
BEGIN
  UPDATE remembered_answer
     SET status = p_status, entity = p_entity, location = p_location, body = p_body,
         metadata = p_metadata
   WHERE account_id = p_account AND name = p_name;
END
