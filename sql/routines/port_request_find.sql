-- port_request_find: port requests with a number, of an account, or of it and all accounts
-- below it: each account has few of one number.
-- p_below   1: those of the accounts below it, too
-- p_number  in normal form
-- Row:      as port_request_list
CREATE PROCEDURE port_request_find(IN p_account CHAR(32), IN p_below TINYINT,
  IN p_number VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  SELECT o.account_id, a.name AS account_name, o.id, o.created, o.modified, o.document
    FROM port_number AS n FORCE INDEX (number)
         STRAIGHT_JOIN account_closure AS c FORCE INDEX (PRIMARY)
           ON c.ancestor_id = p_account AND c.descendant_id = n.account_id
         STRAIGHT_JOIN account AS a FORCE INDEX (PRIMARY)
           ON a.id = n.account_id AND a.deleted IS NULL
         STRAIGHT_JOIN object AS o FORCE INDEX (PRIMARY)
           ON o.account_id = n.account_id AND o.kind = 'port_requests' AND o.id = n.port_id
   WHERE n.number = p_number AND (p_below OR c.depth = 0)
   ORDER BY o.account_id, o.id LIMIT 1000;
END
