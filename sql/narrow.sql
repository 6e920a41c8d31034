-- Then this at every migrate: the right to call all procedures, from when the user
-- served for everything. It is an error if there is none, which migrate passes over.
REVOKE EXECUTE ON @database@.* FROM @user@@@host@;
