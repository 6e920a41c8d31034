-- payment_list: a page of an account's payments, by (created, id).
-- p_from, p_to  Gregorian seconds, both included
-- p_at_created, p_at_id  the first payment of the page; p_at_id '' from the beginning
-- p_ascending   1: oldest first; 0: newest first
-- Row:          as payment_show
CREATE PROCEDURE payment_list(IN p_account CHAR(32), IN p_from BIGINT, IN p_to BIGINT,
  IN p_at_created BIGINT, IN p_at_id VARCHAR(64), IN p_ascending TINYINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  IF p_ascending THEN
    SELECT account_id, id, CAST(type AS CHAR) AS type, CAST(status AS CHAR) AS status, amount,
           created, executor,
           credits, bookkeeper_id, bookkeeper_type, vendor_id, reason, message, details, document
      FROM payment FORCE INDEX (created)
     WHERE account_id = p_account
       AND created BETWEEN GREATEST(p_from, IF(p_at_id = '', 0, p_at_created)) AND p_to
       AND (p_at_id = '' OR created > p_at_created OR id >= p_at_id)
     ORDER BY created, id LIMIT p_limit;
  ELSE
    SELECT account_id, id, CAST(type AS CHAR) AS type, CAST(status AS CHAR) AS status, amount,
           created, executor,
           credits, bookkeeper_id, bookkeeper_type, vendor_id, reason, message, details, document
      FROM payment FORCE INDEX (created)
     WHERE account_id = p_account
       AND created BETWEEN p_from AND IF(p_at_id = '', p_to, LEAST(p_to, p_at_created))
       AND (p_at_id = '' OR created < p_at_created OR id <= p_at_id)
     ORDER BY created DESC, id DESC LIMIT p_limit;
  END IF;
END
