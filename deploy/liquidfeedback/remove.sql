-- Take the connector away. Accounts that it has locked stay locked; which ones they were is forgotten.
DROP SCHEMA IF EXISTS connector CASCADE;
