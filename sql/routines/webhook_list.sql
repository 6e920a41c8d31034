-- webhook_list: the webhooks of an account and of its ancestors.
-- Row:  depth: steps up to the owner; 0: the account's own
CREATE PROCEDURE webhook_list(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT o.account_id, o.id, c.depth, o.document
    FROM account_closure AS c
    STRAIGHT_JOIN object AS o FORCE INDEX (PRIMARY)
      ON o.account_id = c.ancestor_id AND o.kind = 'webhooks'
   WHERE c.descendant_id = p_account
   ORDER BY c.depth, o.id;
END
