-- reevectl migrate --create runs this as the administrator. @database@ is filled in,
-- quoted.
CREATE DATABASE IF NOT EXISTS @database@ CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
