-- quote_create: keeps a quote.
-- p_account  for whom, NULL: for an account that is still to be
-- p_vendor   whose plans it is about
CREATE PROCEDURE quote_create(IN p_id CHAR(32), IN p_account CHAR(32), IN p_vendor CHAR(32),
  IN p_document LONGTEXT, IN p_created BIGINT, IN p_expires BIGINT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO service_quote (id, account_id, vendor_id, created, expires, document)
  VALUES (p_id, p_account, p_vendor, p_created, p_expires, p_document);
END
