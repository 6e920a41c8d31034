-- quote_show: a quote. No row: unknown id.
CREATE PROCEDURE quote_show(IN p_id CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT account_id, vendor_id, expires, document, asker FROM service_quote WHERE id = p_id;
END
