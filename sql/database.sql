-- reevectl migrate --create runs this as the administrator. @database@, @user@,
-- @host@ and @password@ are filled in, quoted.
CREATE DATABASE IF NOT EXISTS @database@ CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS @user@@@host@ IDENTIFIED BY @password@;
ALTER USER @user@@@host@ IDENTIFIED BY @password@;
