-- Plans of former sellers stay at the version that the account pays by.

UPDATE account AS a
  JOIN service_assignment AS x ON x.account_id = a.id
   SET x.version = x.priced
 WHERE x.version IS NULL AND x.vendor_id <> a.reseller_id;
