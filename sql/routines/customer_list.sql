-- customer_list: a page of the accounts that a seller sells to, in one of nine orders, by
-- the index of the order where there is one and nothing is looked for; else of all rows of
-- the seller. Equal ones are by id. A recurring sum that is not known sorts as the last
-- that was.
-- p_sort        name, realm, standing, created, balance, available, recurring, usage, change
-- p_descending  1: the whole order is reversed
-- p_like        a part of the name or realm, whatever its case; NULL: any
-- p_number      or how one of its phone numbers begins; NULL: does not count
-- p_standing    NULL: any
-- p_reseller    NULL: both
-- p_month       YYYYMM: the present month, which usage and change are of
-- p_since       YYYYMM: the first of the months; NULL: none of them
-- p_at          the page begins with this account; '' with the first
-- p_offset      after that many
-- p_limit       at most this many rows
-- Row:          recurring, changed: NULL where they are not known; months: what was charged
--               in each since p_since, YYYYMM=AMOUNT,...; without those in which nothing was
-- Errors:       45404 start_key: the seller has no such customer
CREATE PROCEDURE customer_list(IN p_seller CHAR(32), IN p_sort VARCHAR(16),
  IN p_descending TINYINT, IN p_like VARCHAR(253), IN p_number VARCHAR(64),
  IN p_standing VARCHAR(32), IN p_reseller TINYINT, IN p_month CHAR(6), IN p_since CHAR(6),
  IN p_at CHAR(32), IN p_offset BIGINT, IN p_limit BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_scans TINYINT DEFAULT p_like IS NOT NULL OR p_standing IS NOT NULL
    OR p_reseller IS NOT NULL OR p_sort IN ('usage', 'change');
  DECLARE v_text VARCHAR(253) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT NULL;
  DECLARE v_number DECIMAL(30,6) DEFAULT NULL;
  DECLARE v_created BIGINT DEFAULT NULL;
  DECLARE v_page LONGTEXT DEFAULT NULL;

  SET SESSION group_concat_max_len = 1000000;
  IF p_at <> '' THEN
    SELECT CASE p_sort WHEN 'name' THEN b.name WHEN 'realm' THEN b.realm
                     WHEN 'standing' THEN b.standing ELSE '' END,
           CASE p_sort WHEN 'balance' THEN b.amount
                     WHEN 'available' THEN b.available
                     WHEN 'recurring' THEN b.recurring
                     WHEN 'usage' THEN IF(b.used_month = p_month, b.used, 0)
                     WHEN 'change' THEN IF(b.priced = 1 AND b.changed_month >= p_month,
                                           COALESCE(b.recurring - b.recurring_before, 0), 0)
                     WHEN 'created' THEN b.created ELSE 0 END,
           b.created
      INTO v_text, v_number, v_created
      FROM ledger_balance AS b WHERE b.account_id = p_at AND b.seller_id = p_seller;
    IF v_number IS NULL THEN
      SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'start_key: no such customer';
    END IF;
  END IF;

  IF v_scans AND p_descending = 0 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.word, p.number, p.account_id)
      INTO v_page
      FROM (SELECT x.account_id, x.word, x.number
              FROM (SELECT b.account_id,
                           CASE p_sort WHEN 'name' THEN b.name WHEN 'realm' THEN b.realm
                     WHEN 'standing' THEN b.standing ELSE '' END AS word,
                           CASE p_sort WHEN 'balance' THEN b.amount
                     WHEN 'available' THEN b.available
                     WHEN 'recurring' THEN b.recurring
                     WHEN 'usage' THEN IF(b.used_month = p_month, b.used, 0)
                     WHEN 'change' THEN IF(b.priced = 1 AND b.changed_month >= p_month,
                                           COALESCE(b.recurring - b.recurring_before, 0), 0)
                     WHEN 'created' THEN b.created ELSE 0 END AS number
                      FROM ledger_balance AS b FORCE INDEX (by_name)
                     WHERE b.seller_id = p_seller AND
       (p_like IS NULL OR LOCATE(p_like COLLATE utf8mb4_general_ci, b.name) > 0
            OR LOCATE(p_like COLLATE utf8mb4_general_ci, b.realm) > 0
            OR (p_number IS NOT NULL
                AND EXISTS (SELECT 1 FROM object AS o FORCE INDEX (PRIMARY)
                             WHERE o.account_id = b.account_id AND o.kind = 'phone_numbers'
                               AND o.id LIKE CONCAT(p_number, '%'))))
       AND (p_standing IS NULL OR b.standing = p_standing COLLATE utf8mb4_general_ci)
       AND (p_reseller IS NULL OR b.is_reseller = p_reseller)) AS x
             WHERE p_at = '' OR x.word > v_text
                OR (x.word = v_text AND (x.number > v_number
                                         OR (x.number = v_number
                                             AND x.account_id >= p_at)))
             ORDER BY x.word, x.number, x.account_id
             LIMIT p_offset, p_limit) AS p;
  ELSEIF v_scans AND p_descending = 1 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.word DESC, p.number DESC, p.account_id DESC)
      INTO v_page
      FROM (SELECT x.account_id, x.word, x.number
              FROM (SELECT b.account_id,
                           CASE p_sort WHEN 'name' THEN b.name WHEN 'realm' THEN b.realm
                     WHEN 'standing' THEN b.standing ELSE '' END AS word,
                           CASE p_sort WHEN 'balance' THEN b.amount
                     WHEN 'available' THEN b.available
                     WHEN 'recurring' THEN b.recurring
                     WHEN 'usage' THEN IF(b.used_month = p_month, b.used, 0)
                     WHEN 'change' THEN IF(b.priced = 1 AND b.changed_month >= p_month,
                                           COALESCE(b.recurring - b.recurring_before, 0), 0)
                     WHEN 'created' THEN b.created ELSE 0 END AS number
                      FROM ledger_balance AS b FORCE INDEX (by_name)
                     WHERE b.seller_id = p_seller AND
       (p_like IS NULL OR LOCATE(p_like COLLATE utf8mb4_general_ci, b.name) > 0
            OR LOCATE(p_like COLLATE utf8mb4_general_ci, b.realm) > 0
            OR (p_number IS NOT NULL
                AND EXISTS (SELECT 1 FROM object AS o FORCE INDEX (PRIMARY)
                             WHERE o.account_id = b.account_id AND o.kind = 'phone_numbers'
                               AND o.id LIKE CONCAT(p_number, '%'))))
       AND (p_standing IS NULL OR b.standing = p_standing COLLATE utf8mb4_general_ci)
       AND (p_reseller IS NULL OR b.is_reseller = p_reseller)) AS x
             WHERE p_at = '' OR x.word < v_text
                OR (x.word = v_text AND (x.number < v_number
                                         OR (x.number = v_number
                                             AND x.account_id <= p_at)))
             ORDER BY x.word DESC, x.number DESC, x.account_id DESC
             LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'name' AND p_descending = 0 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value, p.account_id) INTO v_page
      FROM (SELECT b.account_id, b.name AS value
              FROM ledger_balance AS b FORCE INDEX (by_name)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.name >= v_text AND (b.name > v_text OR b.account_id >= p_at)))
             ORDER BY b.name, b.account_id LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'name' AND p_descending = 1 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value DESC, p.account_id DESC) INTO v_page
      FROM (SELECT b.account_id, b.name AS value
              FROM ledger_balance AS b FORCE INDEX (by_name)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.name <= v_text AND (b.name < v_text OR b.account_id <= p_at)))
             ORDER BY b.name DESC, b.account_id DESC LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'realm' AND p_descending = 0 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value, p.account_id) INTO v_page
      FROM (SELECT b.account_id, b.realm AS value
              FROM ledger_balance AS b FORCE INDEX (by_realm)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.realm >= v_text AND (b.realm > v_text OR b.account_id >= p_at)))
             ORDER BY b.realm, b.account_id LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'realm' AND p_descending = 1 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value DESC, p.account_id DESC) INTO v_page
      FROM (SELECT b.account_id, b.realm AS value
              FROM ledger_balance AS b FORCE INDEX (by_realm)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.realm <= v_text AND (b.realm < v_text OR b.account_id <= p_at)))
             ORDER BY b.realm DESC, b.account_id DESC LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'standing' AND p_descending = 0 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value, p.account_id) INTO v_page
      FROM (SELECT b.account_id, b.standing AS value
              FROM ledger_balance AS b FORCE INDEX (by_standing)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.standing >= v_text AND (b.standing > v_text OR b.account_id >= p_at)))
             ORDER BY b.standing, b.account_id LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'standing' AND p_descending = 1 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value DESC, p.account_id DESC) INTO v_page
      FROM (SELECT b.account_id, b.standing AS value
              FROM ledger_balance AS b FORCE INDEX (by_standing)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.standing <= v_text AND (b.standing < v_text OR b.account_id <= p_at)))
             ORDER BY b.standing DESC, b.account_id DESC LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'created' AND p_descending = 0 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value, p.account_id) INTO v_page
      FROM (SELECT b.account_id, b.created AS value
              FROM ledger_balance AS b FORCE INDEX (by_created)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.created >= v_created AND (b.created > v_created OR b.account_id >= p_at)))
             ORDER BY b.created, b.account_id LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'created' AND p_descending = 1 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value DESC, p.account_id DESC) INTO v_page
      FROM (SELECT b.account_id, b.created AS value
              FROM ledger_balance AS b FORCE INDEX (by_created)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.created <= v_created AND (b.created < v_created OR b.account_id <= p_at)))
             ORDER BY b.created DESC, b.account_id DESC LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'balance' AND p_descending = 0 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value, p.account_id) INTO v_page
      FROM (SELECT b.account_id, b.amount AS value
              FROM ledger_balance AS b FORCE INDEX (by_amount)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.amount >= v_number AND (b.amount > v_number OR b.account_id >= p_at)))
             ORDER BY b.amount, b.account_id LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'balance' AND p_descending = 1 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value DESC, p.account_id DESC) INTO v_page
      FROM (SELECT b.account_id, b.amount AS value
              FROM ledger_balance AS b FORCE INDEX (by_amount)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.amount <= v_number AND (b.amount < v_number OR b.account_id <= p_at)))
             ORDER BY b.amount DESC, b.account_id DESC LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'available' AND p_descending = 0 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value, p.account_id) INTO v_page
      FROM (SELECT b.account_id, b.available AS value
              FROM ledger_balance AS b FORCE INDEX (by_available)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.available >= v_number
                        AND (b.available > v_number OR b.account_id >= p_at)))
             ORDER BY b.available, b.account_id LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'available' AND p_descending = 1 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value DESC, p.account_id DESC) INTO v_page
      FROM (SELECT b.account_id, b.available AS value
              FROM ledger_balance AS b FORCE INDEX (by_available)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.available <= v_number
                        AND (b.available < v_number OR b.account_id <= p_at)))
             ORDER BY b.available DESC, b.account_id DESC LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'recurring' AND p_descending = 0 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value, p.account_id) INTO v_page
      FROM (SELECT b.account_id, b.recurring AS value
              FROM ledger_balance AS b FORCE INDEX (by_recurring)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.recurring >= v_number
                        AND (b.recurring > v_number OR b.account_id >= p_at)))
             ORDER BY b.recurring, b.account_id LIMIT p_offset, p_limit) AS p;
  ELSEIF p_sort = 'recurring' AND p_descending = 1 THEN
    SELECT GROUP_CONCAT(p.account_id ORDER BY p.value DESC, p.account_id DESC) INTO v_page
      FROM (SELECT b.account_id, b.recurring AS value
              FROM ledger_balance AS b FORCE INDEX (by_recurring)
             WHERE b.seller_id = p_seller
               AND (p_at = ''
                    OR (b.recurring <= v_number
                        AND (b.recurring < v_number OR b.account_id <= p_at)))
             ORDER BY b.recurring DESC, b.account_id DESC LIMIT p_offset, p_limit) AS p;
  END IF;

  SELECT b.account_id AS id, b.name, NULLIF(b.realm, '') AS realm, b.created, b.enabled,
         b.is_reseller, b.standing, s.billing_id AS payer_id, CAST(b.amount AS CHAR) AS balance,
         CAST(b.held AS CHAR) AS held, CAST(b.available AS CHAR) AS available,
         IF(b.priced = 1, CAST(b.recurring AS CHAR), NULL) AS recurring,
         CAST(IF(b.used_month = p_month, b.used, 0) AS CHAR) AS used,
         CASE WHEN b.priced = 0 THEN NULL WHEN b.changed_month < p_month THEN '0'
              ELSE CAST(b.recurring - b.recurring_before AS CHAR) END AS changed,
         (SELECT GROUP_CONCAT(CONCAT(m.month, '=', m.charged) ORDER BY m.month)
            FROM ledger_month AS m
           WHERE m.account_id = b.account_id AND m.month BETWEEN p_since AND p_month) AS months,
         p.name AS payer_name, r.id AS seller_id, r.name AS seller_name, s.reason
    FROM JSON_TABLE(CONCAT('["', REPLACE(v_page, ',', '","'), '"]'), '$[*]' COLUMNS (
           n FOR ORDINALITY, id CHAR(32) COLLATE utf8mb4_bin PATH '$')) AS t
    STRAIGHT_JOIN ledger_balance AS b ON b.account_id = t.id
    STRAIGHT_JOIN service AS s ON s.account_id = b.account_id
    STRAIGHT_JOIN account AS p ON p.id = s.billing_id
    STRAIGHT_JOIN account AS r ON r.id = b.seller_id
   ORDER BY t.n;
END
