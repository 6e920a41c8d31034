-- payer_far_list: accounts whose payer is neither they themselves nor their parent,
-- by id.
-- p_after  only ids after this one; '' from the beginning
-- Called by reevectl.
CREATE PROCEDURE payer_far_list(IN p_after CHAR(32), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT a.id AS account_id, a.name AS account_name, p.id AS payer_id, p.name AS payer_name
    FROM account AS a
    STRAIGHT_JOIN service AS s ON s.account_id = a.id
    STRAIGHT_JOIN account AS p ON p.id = s.billing_id
   WHERE a.id > p_after AND a.deleted IS NULL AND s.billing_id <> a.id
     AND s.billing_id <> a.parent_id
   ORDER BY a.id LIMIT p_limit;
END
