-- reset_show: whose password reset it is. No row: it is unknown, was redeemed, or has
-- expired.
-- p_digest  HMAC of what the link names
-- p_now     Gregorian seconds
CREATE PROCEDURE reset_show(IN p_digest BINARY(32), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT r.account_id, r.user_id, a.name, a.enabled, a.expires, a.reseller_id, a.is_reseller,
         COALESCE(a.master, 0) AS is_master, a.language
    FROM password_reset AS r
    JOIN account_user AS u ON u.account_id = r.account_id AND u.id = r.user_id
    JOIN account AS a ON a.id = r.account_id
   WHERE r.digest = p_digest AND r.expires > p_now AND u.enabled = 1 AND a.deleted IS NULL;
END
