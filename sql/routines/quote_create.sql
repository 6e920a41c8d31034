-- quote_create: stores a quote.
-- p_account  the account it is for; NULL: an account that does not exist yet
-- p_vendor   the vendor of the plans
-- p_asker    who asks, JSON
CREATE PROCEDURE quote_create(IN p_id CHAR(32), IN p_account CHAR(32), IN p_vendor CHAR(32),
  IN p_document LONGTEXT, IN p_created BIGINT, IN p_expires BIGINT, IN p_asker LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO service_quote (id, account_id, vendor_id, created, expires, document, asker)
  VALUES (p_id, p_account, p_vendor, p_created, p_expires, p_document, p_asker);
END
