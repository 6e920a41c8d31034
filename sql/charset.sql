-- Parameters of procedures take the database's character set.
ALTER DATABASE @database@ CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
