-- Run for each procedure whose head names the user as a caller, at every migrate. Some
-- servers would create a user that is not there, without a password.
/*M!100600 SET STATEMENT sql_mode = 'NO_AUTO_CREATE_USER' FOR */ GRANT EXECUTE ON PROCEDURE @database@.@procedure@ TO @user@@@host@;
