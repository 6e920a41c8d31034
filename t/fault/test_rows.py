# SPDX-License-Identifier: GPL-3.0-or-later
"""A budget of rows: no procedure and no route reads more rows because more is
there. Each is called at two sizes of everything that it lists, sums or adds to,
and of the account's siblings and descendants; the server counts what it reads
(Handler_read_*). What reads more has its reason in GROWS or ROUTES_GROW."""

import glob
import hashlib
import json
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY, DAY_0, REEVE, REEVECTL,  # noqa: E402
                         SQL_DIR, TOP, StackTest, fastcgi, require)

SMALL, LARGE = 200, 10000

# The reseller, its child whose calls are counted, and a child without anything.
RESELLER, ACCOUNT, LEAF = "b" * 32, "a" * 32, "e" * 32
SIBLING = "LPAD(HEX(n), 32, '0')"
DESCENDANT = "CONCAT('c', LPAD(HEX(n), 31, '0'))"
MIDDLE = "%032X" % 50  # a sibling, an object, a user
ENTRY = "201904-%032x"

DIGITS = (
    "CREATE TABLE digit (d INT PRIMARY KEY);"
    "INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);"
    "CREATE TABLE number (n INT PRIMARY KEY) SELECT a.d + 10 * b.d + 100 * c.d"
    " + 1000 * d.d + 1 AS n FROM digit a, digit b, digit c, digit d;")
PART = ("CREATE TABLE part (n INT PRIMARY KEY) SELECT n FROM number"
        " WHERE n BETWEEN %d AND %d;")

# An account {id} below {parent}, and what belongs to it.
ACCOUNT_ROWS = """
INSERT INTO account (id, parent_id, reseller_id, is_reseller, name, name_key,
                     document, created, modified)
  SELECT {id}, {parent}, '{reseller}', {is_reseller}, {id}, {id}, '{{}}',
         {day_0}, {day_0} FROM part;
INSERT INTO account_closure SELECT {id}, {id}, 0 FROM part;
INSERT INTO account_closure
  SELECT c.ancestor_id, {id}, c.depth + 1
    FROM part STRAIGHT_JOIN account_closure AS c
   WHERE c.descendant_id = {parent};
INSERT INTO service (account_id, billing_id, overrides, document, modified)
  SELECT {id}, {id}, '{{}}', '{{}}', {day_0} FROM part;
INSERT INTO audit_head SELECT {id}, 0, REPEAT(CHAR(0), 32) FROM part;
INSERT INTO ledger_balance (account_id, amount, seller_id, name, realm, standing,
                            is_reseller, created)
  SELECT {id}, n, '{reseller}', {id}, '', 'good_standing', {is_reseller},
         {day_0}
    FROM part;
INSERT INTO service_quantity
  SELECT {id}, 'account', 'devices', 'sip_device', 1 FROM part;
"""

# Rows that are there once, whatever the size.
ONCE = """
UPDATE account SET descendants = 9 WHERE master = 1 OR id IN ('{r}', '{a}');
INSERT INTO service_assignment (account_id, plan_id, vendor_id, position,
                                overrides, version, priced)
  VALUES ('{a}', 'plan', '{r}', 1, '{{}}', NULL, 1);
INSERT INTO service_plan_head (account_id, id, version, created, modified)
  VALUES ('{r}', 'plan', 2, 1, 1), ('{r}', 'free', 1, 1, 1);
INSERT INTO service_plan (account_id, id, version, document, created)
  VALUES ('{r}', 'plan', 1, '{plan}', 1), ('{r}', 'plan', 2, '{plan}', 1),
         ('{r}', 'free', 1, '{plan}', 1);
INSERT INTO object VALUES
  ('{a}', 'webhooks', 'hook', NULL, '{{"name":"W","uri":"https://a.example.com/",'
   '"hooks":["topup.failed"]}}', 1, 1);
INSERT INTO outbox_line (account_id, target, due)
  VALUES ('{a}', 'bookkeeper/{r}/books', 1), ('{a}', 'webhook/{a}/hook', 1);
INSERT INTO payment (account_id, id, type, status, amount, created, modified,
                     executor, credits, document)
  VALUES ('{a}', '201903-00', 'sale', 'pending', 1, 1, 1, 'manual', 0, '{{}}');
"""

# Rows number {first} to {last} of everything.
MORE = """
INSERT INTO account_user (id, account_id, username, created, modified)
  SELECT {sibling}, '{a}', n, 1, 1 FROM part;
INSERT INTO user_credential
  SELECT '{a}', {sibling}, 'md5', UNHEX(SHA2(n, 256)), 'x', '' FROM part;
INSERT INTO api_key
  SELECT {sibling}, '{a}', 'x', UNHEX(SHA2(n, 256)), 1, '' FROM part;
INSERT INTO auth_token (digest, account_id, user_id, method, created, expires)
  SELECT UNHEX(SHA2(n, 256)), '{a}', {sibling}, 'x', 1, {later} FROM part;
INSERT INTO login_failure SELECT CONCAT('s', n), {later} FROM part;
INSERT INTO password_reset
  SELECT UNHEX(SHA2(CONCAT('r', n), 256)), '{a}', {sibling}, 1, {later} FROM part;
INSERT INTO object
  SELECT '{a}', 'devices', {sibling}, CONCAT('devices/', n), '{device}', 1, 1
    FROM part;
INSERT INTO picture
  SELECT '{a}', 'devices', {sibling}, 'icon', 'image/png', 'x', 1 FROM part;
INSERT INTO object
  SELECT '{a}', 'users', {sibling}, NULL,
         '{{"first_name":"A","last_name":"B"}}', 1, 1 FROM part;
INSERT INTO imported SELECT '{a}', 'devices', {sibling}, 1 FROM part;
INSERT INTO object
  SELECT '{a}', 'port_requests', {sibling}, NULL,
         '{{"numbers":{{}},"port_state":"completed"}}', 1, 1 FROM part;
INSERT INTO port_number
  SELECT '{a}', {sibling}, CONCAT('+1', 2000000000 + n), NULL FROM part;
INSERT INTO service_source
  SELECT '{a}', CONCAT('devices/', {sibling}), 'devices', 'sip_device', 1
    FROM part;
INSERT INTO service_quantity
  SELECT '{quantities}', 'manual', 'x', n, 1 FROM part;
INSERT INTO service_assignment (account_id, plan_id, vendor_id, position,
                                overrides, version, priced)
  SELECT {sibling}, 'plan', '{r}', 1, '{{}}', NULL, 1 FROM part;
INSERT INTO service_plan_head (account_id, id, version, created, modified)
  SELECT '{r}', CONCAT('p', {sibling}), 1, 1, 1 FROM part;
INSERT INTO service_plan (account_id, id, version, document, created)
  SELECT '{r}', CONCAT('p', {sibling}), 1, '{plan}', 1 FROM part;
INSERT INTO service_plan (account_id, id, version, document, created)
  SELECT '{r}', 'plan', n + 2, '{plan}', 1 FROM part;
INSERT INTO audit_entry (account_id, sequence, id, form, created, recorded,
                         document, line_items, hash)
  SELECT '{a}', n + {first} * 1000,
         CONCAT('201904-', LPAD(LOWER(HEX(n)), 32, '0')),
         IF(n % 2, 'invoice', 'quantities'), {day_0} + n % 30 * 86400 + n, 1,
         '{{"audit":{{"agent":{{"type_id":"user"}},"request":{{"id":"request"}}}}}}',
         '[["user","devices",1,1]]', REPEAT('x', 32) FROM part;
UPDATE audit_head SET sequence = {last} + {first} * 1000
 WHERE account_id = '{a}';
INSERT INTO ledger (account_id, id, type, service, source_id, amount,
                    usage_type, usage_quantity, usage_unit, created, recorded,
                    document, dedupe, available)
  SELECT '{a}', CONCAT('201904-', LPAD(LOWER(HEX(n)), 32, '0')), 'debit',
         ELT(n % 3 + 1, 'voip', 'rollovers', 'sms'), n, 1, 'voice', 60, 'sec',
         {day_0} + n % 30 * 86400 + n, {day_0} + 31 * 86400, '{{}}',
         UNHEX(LPAD(HEX(n), 32, '0')), 0 FROM part;
INSERT INTO due_done SELECT {sibling}, 'rollover', '201905', 1 FROM part;
INSERT INTO due_done SELECT '{a}', 'reminder', n, 1 FROM part;
INSERT INTO outbox (account_id, target, message, state, document, created,
                    delivery_id, attempts, settled)
  SELECT '{a}', 'bookkeeper/{r}/books', 'update',
         ELT(n % 3 + 1, 'waiting', 'delivered', 'dead'), '{{}}', 1,
         {sibling}, 1, IF(n % 3, 5, NULL) FROM part;
INSERT INTO outbox (account_id, target, message, state, document, created,
                    delivery_id, attempts, settled)
  SELECT IF(n % 2, '{a}', {sibling}), 'webhook/{a}/hook', 'update',
         ELT(n % 3 + 1, 'waiting', 'delivered', 'dead'), '{{}}', 1,
         CONCAT('f', LPAD(HEX(n), 31, '0')), 1, IF(n % 3, 5, NULL) FROM part;
INSERT INTO outbox_attempt (outbox_id, attempt, begun)
  SELECT o.id, 1, 1 FROM outbox AS o LEFT JOIN outbox_attempt AS t
      ON t.outbox_id = o.id WHERE t.outbox_id IS NULL;
INSERT INTO outbox_line (account_id, target, due)
  SELECT {sibling}, 'webhook/{a}/hook', {later} FROM part;
INSERT INTO payment (account_id, id, type, status, amount, created, modified,
                     executor, credits, vendor_id, document)
  SELECT '{a}', CONCAT('201904-', LPAD(LOWER(HEX(n)), 32, '0')), 'sale',
         ELT(n % 3 + 1, 'pending', 'completed', 'failed'), 1, {day_0} + n,
         {day_0} + n, 'manual', n % 2, '{r}', '{{}}' FROM part;
INSERT INTO service_quote
  SELECT {sibling}, '{a}', '{r}', 1, {later}, '{{}}', '{{}}' FROM part;
INSERT INTO remembered_answer (account_id, name, fingerprint, expires)
  SELECT '{a}', n, REPEAT('x', 32), {later} FROM part;
INSERT INTO request SELECT '{m}', CONCAT('r', n), n, {later} FROM part;
INSERT INTO service_snapshot SELECT {sibling}, '201904', '{{}}', '{{}}'
    FROM part;
"""

ENTRY_JSON = ('[{{"account":"{a}","id":"201904-new","type":"debit",'
              '"service":"voip","source":"new","amount":"1","kind":"voice",'
              '"used":60,"unit":"sec","at":{day_15},"dedupe":"{ff}",'
              '"start":1,"bytes":2}}]')
LINES = '[["user","devices",1,1]]'
AUDIT = ("'{a}', '201904-new', 'invoice', {day_15}, 1, NULL, NULL, NULL, NULL,"
         " '{{}}', '" + LINES + "'")
ONE = '[{{"category":"devices","item":"sip_device","quantity":1}}]'
ONE_SOURCE = ('[{{"source":"devices/x","category":"devices",'
              '"item":"sip_device","quantity":1}}]')
ONE_QUANTITY = ('[{{"scope":"account","category":"devices",'
                '"item":"sip_device","quantity":1}}]')
DIGEST = "UNHEX(SHA2(50, 256))"

# Between which places audit_search_list finds, and how much.
PLACES = "{day_0}, '', 0, {end}, 'g', 999999, 10"

# The arguments of a call of each procedure; several, where it has several ways.
PORTED = """'[{{"number":"+14155550100"}}]'"""
CALLS = {
    "account_children": ("'{r}', '', 1, 10", "'{r}', '{m}', 0, 10"),
    "account_create": (
        "'{new}', '{r}', 'n', 'n', NULL, 0, 1, NULL, 'en', '{{}}', 1, 1, 1",),
    "account_delete": ("'{leaf}', 1",),
    "account_descendants": ("'{r}', '', 1, 10", "'{r}', '{m}', 0, 10"),
    "account_list": ("NULL, '{m}', 10", "'{r}', '', 10"),
    "account_move": ("'{leaf}', '{a}', 1", "'{a}', '{m}', 1"),
    "account_name_check": ("'{new}', '{r}', 'Free', 'free'",
                           "'{new}', '{r}', '-', ''"),
    "account_parents": ("'{a}'",),
    "account_resell": ("'{leaf}', 1, 1", "'{a}', 1, 1"),
    "account_show": ("'{a}'", "NULL"),
    "account_update": ("'{a}', 'n', 'n', 'realm.test', 1, 'en', '{{}}', 1",),
    "answer_keep": ("'{a}', '50', 200, 1, NULL, '{{}}', NULL",),
    "answer_take": ("'{a}', '50', REPEAT('x', 32), 2, 3",
                    "'{a}', 'new', REPEAT('x', 32), 2, 3"),
    "audit_chain": ("'{a}', 50, 10",),
    "audit_chain_head": ("'{a}'",),
    "audit_chain_head_list": ("'', 10", "'{m}', 10"),
    "audit_day_list": ("'{a}', 'services', '', {day_0}, {end}",
                       "'{a}', 'services', 'user', {day_0}, {end}",
                       "'{a}', 'quantities', '', {day_0}, {end}",
                       "'{a}', 'quantities', 'user', {day_0}, {end}"),
    "audit_day_rebuild": ("'{a}', '1000-01-01', '9999-12-31'",),
    "audit_day_verify": ("'{a}', '1000-01-01', '9999-12-31'",),
    "audit_entry_import": (AUDIT,),
    "audit_entry_list": ("'{a}', {day_0}, {end}, NULL, NULL, 0, 10",
                         "'{a}', {day_0}, {end}, {day_15}, 20, 0, 10",
                         "'{a}', {day_0}, {end}, {day_15}, 20, 1, 10"),
    "audit_entry_known": ("'{a}', '{entry}'",),
    "audit_entry_show": ("'{a}', '{entry}'",),
    "audit_entry_write": (AUDIT,),
    "audit_month_next": ("'{a}', '1000-01-01', '9999-12-31'",
                         "'{a}', '2019-04-10', '9999-12-31'",
                         "'{a}', '1000-01-01', '1000-12-31'"),
    "audit_opening_list": ("'{a}', 'services', '', {end}",
                           "'{a}', 'services', 'user', {end}",
                           "'{a}', 'quantities', '', {day_15}"),
    "audit_scan": ("'{a}', 50, 10",),
    "audit_search_end": (
        "'{a}', 0, '', NULL, NULL, " + PLACES,
        "'{a}', 1, '', NULL, NULL, " + PLACES,
        "'{a}', 0, 'user', NULL, NULL, " + PLACES,
        "'{a}', 1, 'user', NULL, NULL, " + PLACES,
        "'{a}', 1, '', 'user', NULL, " + PLACES,
        "'{a}', 1, 'user', 'user', NULL, " + PLACES,
        "'{a}', 0, '', NULL, 'request', " + PLACES,
        "'{a}', 1, 'user', 'user', 'request', " + PLACES),
    "audit_search_list": (
        "'{a}', 0, '', NULL, NULL, " + PLACES,
        "'{a}', 1, '', NULL, NULL, " + PLACES,
        "'{a}', 0, 'user', NULL, NULL, " + PLACES,
        "'{a}', 1, 'user', NULL, NULL, " + PLACES,
        "'{a}', 1, '', 'user', NULL, " + PLACES,
        "'{a}', 1, 'user', 'user', NULL, " + PLACES,
        "'{a}', 0, '', NULL, 'request', " + PLACES,
        "'{a}', 1, 'user', 'user', 'request', " + PLACES),
    "customer_list": tuple(
        "'{r}', '%s', %d, NULL, NULL, NULL, NULL, '201905', '201806', '', 0, 10"
        % (sort, descending) for sort in ("name", "realm", "standing", "created",
                                          "balance", "available", "recurring")
        for descending in (0, 1)) + (
        "'{r}', 'balance', 1, NULL, NULL, NULL, NULL, '201905', NULL, '{m}', 0, 10",
        "'{a}', 'usage', 1, 'x', '+1', 'x', 1, '201905', NULL, '', 0, 10",
        "'{r}', 'usage', 1, NULL, NULL, NULL, NULL, '201905', NULL, '', 0, 10",
        "'{r}', 'name', 0, 'x', '+1415', NULL, NULL, '201905', NULL, '', 0, 10"),
    "customer_show": ("'{a}', '201905', '201806'",),
    "customer_total_show": ("'{a}', NULL, NULL, NULL, NULL, '201905'",
                            "'{r}', NULL, NULL, NULL, NULL, '201905'"),
    "delivery_list": (
        "'{r}', 0, 'dead', 0, 10", "'{r}', 0, 'waiting', 0, 10",
        "'{leaf}', 0, 'dead', 0, 10",
        "(SELECT id FROM account WHERE master = 1), 1, 'dead', 0, 1",
        "(SELECT id FROM account WHERE master = 1), 1, 'waiting', 0, 1",
        "'{r}', 1, 'dead', 0, 1",
        "'{leaf}', 1, 'dead', 0, 10"),
    "delivery_replay": ("'{r}', (SELECT delivery_id FROM outbox WHERE id = "
                        "{dead}), 1",),
    "due_account_list": (
        "'rollover', '201905', 'ledger', NULL, '', 10",
        "'recurring', '201905', 'arrival', '{a}', '', 10",
        "'recurring', '201905', 'arrival', NULL, '', 10",
        "'payments', '201905', 'payment', NULL, '', 10",
        "'payments', '201905', 'payment', NULL, '{a}', 10",
        "'topup', '201905', 'topup', NULL, '', 10",
        "'pricing', '201905', 'pricing', NULL, '', 10"),
    "due_run_note": ("'well', 1",),
    "due_take": ("'{a}', 'collect', '201905', 1",),
    "expired_purge": ("2",),
    "figure_forget": ("'{a}'",),
    "figure_rebuild": ("'{a}'",),
    "figure_save": (
        """'[{{"account":"{a}","recurring":"1"}}]', '201905'""",),
    "figure_verify": ("'{a}'",),
    "hold_release": ("'{a}'",),
    "hold_save": ("'{a}', '{r}', '1', '2', '1'",
                  "'{a}', '{a}', '0', '2', '0'"),
    "imported_forget": ("'{a}', 'devices', '{m}'",),
    "imported_list": ("'{a}', 'devices', '{m}', 10", "'{a}', '', '', 10"),
    "imported_note": ("'{a}', 'devices', 'new', 1",),
    "imported_show": ("'{a}', 'devices', '{m}'",),
    "installation_show": ("",),
    "key_create": ("'{new}', '{a}', 'x', UNHEX(SHA2('new', 256)), 1, 's'",),
    "key_find": (DIGEST,),
    "key_rekey": (DIGEST + ", UNHEX(SHA2('new', 256)), 's'",),
    "key_revoke": ("'{m}', NULL", "NULL, " + DIGEST),
    "key_seal": ("'{a}', 0, 'x'",),
    "key_serial": ("'{a}', 1",),
    "lease_give_back": ("'new', 'x'",),
    "lease_take": ("'new', 'x', 0",),
    "ledger_add": ("'', '" + ENTRY_JSON + "', '{{}}', {end}",
                   "'{r}', '" + ENTRY_JSON + "', '{{}}', {end}"),
    "ledger_balance_rebuild": ("'{a}'",),
    "ledger_balance_show": ("'{a}'",),
    "ledger_balance_verify": ("'{a}'",),
    "ledger_entry_list": (
        "'{a}', '', '', {day_0}, {end}, 0, '', 0, 10",
        "'{a}', '', '', {day_0}, {end}, {day_15}, '{entry}', 1, 10",
        "'{a}', 'voip', '', {day_0}, {end}, 0, '', 0, 10",
        "'{a}', 'voip', '', {day_0}, {end}, {day_15}, '{entry}', 1, 10",
        "'{a}', '', 'debit', {day_0}, {end}, 0, '', 0, 10",
        "'{a}', '', 'debit', {day_0}, {end}, {day_15}, '{entry}', 1, 10",
        "'{a}', '', 'credit', {day_0}, {end}, 0, '', 0, 10"),
    "ledger_import": (
        "'{a}', '201904-new', 'debit', 'voip', 'new', '1', 'voice', 60, 'sec',"
        " NULL, NULL, {day_15}, {end}, '{{}}', NULL, NULL, '{ff}'",
        "'{a}', '201905-ledgers_monthly_rollover', 'debit', 'rollovers', 'new',"
        " '1', NULL, NULL, NULL, NULL, NULL, {end}, {end}, '{{}}', NULL, NULL,"
        " '{ff}'"),
    "ledger_list": ("'{a}', 'voip', {day_0}, {end}, 0, '', 0, 10",
                    "'{a}', 'voip', {day_0}, {end}, {day_15}, '{entry}', 1,"
                    " 10"),
    "ledger_rollover": ("'{a}', '201905', {end}, '{ff}', '{{}}', 1",
                        "'{a}', '201904', {day_0}, '{ff}', '{{}}', 1"),
    "ledger_scan": ("'{a}', '{entry}', 10",),
    "ledger_show": ("'{a}', '{entry}'",),
    "ledger_total_list": ("'{a}', {day_0}, {end}", "'{a}', {day_15}, {end}"),
    "ledger_usage_sum": ("'{a}', 'voip', 'voice', {day_0}, {end}",
                         "'{a}', 'voip', 'voice', {day_15}, {end}"),
    "login_fail": ("'192.0.2.1', 's50', 's51', 5, 5, 1",),
    "login_failure_show": ("'192.0.2.1', 's50', 's51'",),
    "login_hold": ("'{a}', '{m}', 'x', NULL", "'{a}', NULL, NULL, '{m}'"),
    "migration_advance": ("'0000-new', 1, 2, 'x'",),
    "migration_binlog": ("",),
    "migration_hold": ("'0000-new'",),
    "migration_list": ("",),
    "migration_progress": ("'0000-new'",),
    "migration_record": ("'0000-new', 'x', 1",),
    "migration_routine_list": ("",),
    "number_holder_list": (PORTED + ", 0", PORTED + ", 1"),
    "object_by_claim": ("'devices/50'",),
    "object_delete": ("'{a}', 'devices', '{m}'",),
    "object_import": ("'{a}', 'devices', 'new', 'devices/new', '{{}}', '" +
                      ONE + "', 1, 1",),
    "object_list": ("'{a}', 'devices', '', 1, 10",
                    "'{a}', 'devices', '{m}', 0, 10"),
    "object_owned_list": ("'{a}', 'devices', '{m}', 10",),
    "object_reseal": ("'{a}', 'webhooks', '{m}', '{{}}', '{{}}'",),
    "object_save": ("'{a}', 'devices', 'new', 'devices/new', '{{}}', '" + ONE +
                    "', 1, 1",
                    "'{a}', 'devices', '{m}', 'devices/50', '{{}}', '" + ONE +
                    "', 0, 1"),
    "object_scan": ("'{a}', 'devices', '{m}', 10",),
    "object_secret_list": ("'webhooks', '{a}', '', 10",),
    "object_show": ("'{a}', 'devices', '{m}'",),
    "outbox_add": ("'{a}', NULL, 'bookkeeper/{r}/books', 'update', '{r}',"
                   " 'books', 'http', '{new}', '{{}}', 1",),
    "outbox_claim": ("'{new}', 2, 3, {later}, 1, 'webhook', NULL, NULL, '[]'",
                     "'{new}', 2, 3, {later}, 1, 'webhook', '', '[]', '[]'",
                     "'{new}', 2, 3, {later}, 1, 'bookkeeper', 'x', '[]',"
                     " '[]'",
                     "'{new}', 2, 3, {later}, 1, 'webhook', 'webhook/{a}',"
                     " '[\"webhook/{a}\"]', '[\"webhook/{a}/hook\"]'",
                     "'{new}', 2, 3, 9, 1, 'webhook', NULL, NULL, '[]'"),
    "outbox_due": ("2, 9", "0, 9"),
    "outbox_hasten": ("'{a}', 0",),
    "outbox_list": ("'{a}', 0, 0, 10", "'{a}', 1, 0, 10", "NULL, 0, 0, 10",
                    "NULL, 1, 0, 10", "'{leaf}', 0, 0, 10"),
    "outbox_pause": ("'bookkeeper/{r}/books', 1, 1, 9, 1",
                     "'webhook/{a}/hook', 3, 1, 9, 1"),
    "outbox_purge": ("2",),
    "outbox_release": ("{waiting}, 'claim', 9", "{waiting}, 'none', 9"),
    "outbox_replay": ("{dead}, 1",),
    "outbox_resume": ("'webhook/{a}/hook'",),
    "outbox_settle": (
        "{waiting}, 'claim', 'delivered', 1, 200, NULL, NULL, NULL,"
        " NULL, 1, 1",),
    "payer_far_list": ("'{m}', 10",),
    "payment_begin": (
        "'{a}', '201904-new', 'sale', 'pending', '1', 1, 'key', 'manual', 0,"
        " NULL, NULL, NULL, '{{}}', NULL, 0",
        "'{a}', '201904-new', 'credit', 'pending', '1', 1, NULL, 'manual', 1,"
        " NULL, NULL, NULL, '{{}}', NULL, 0",
        "'{a}', '201904-new', 'credit', 'pending', '1', 1, NULL, 'automatic',"
        " 1, NULL, NULL, NULL, '{{}}', {day_15}, 1"),
    "payment_hanging_list": (
        "'{a}', 0, {day_0}, {end}, 0, '', 0, 10",
        "'{a}', 1, {day_0}, {end}, {day_0} + 51, '{entry}', 1, 10",
        "'{leaf}', 1, {day_0}, {end}, 0, '', 0, 10"),
    "payment_list": ("'{a}', {day_0}, {end}, 0, '', 0, 10",
                     "'{a}', {day_0}, {end}, {day_0} + 51, '{entry}', 1, 10"),
    "payment_pending_list": ("'{a}', {end}, 10",),
    "payment_refundable": ("'{a}', '{r}'",),
    "payment_settle": ("'{a}', '201903-00', 'completed', NULL, NULL, NULL, 1",),
    "payment_show": ("'{a}', '201903-00', 1",),
    "payment_turn": ("'{a}', '201903-00', 0, 1, 2",),
    "picture_delete": ("'{a}', 'devices', '{m}', 'icon'",),
    "picture_save": ("'{a}', 'devices', '{m}', 'icon', 'image/png', 'x', 1",),
    "picture_show": ("'{a}', 'devices', '{m}', 'icon', 0",
                     "'{a}', 'devices', '{m}', 'icon', 1"),
    "plan_delete": ("'{r}', 'free', 1", "'{r}', 'plan', 1"),
    "plan_import": ("'{r}', 'new', 'n', '{{}}', 1, NULL",
                    "'{r}', 'plan', 'n', '{{}}', 1, 9999999"),
    "plan_list": ("'{r}', '', 1, 0, 10", "'{r}', 'p{m}', 0, 0, 10",
                  "'{r}', 'plan', 1, 1, 1"),
    "plan_naming_list": ("'{r}', 'books'",),
    "plan_replace": ("'{r}', 'free', 'n', '{{}}', 1",),
    "plan_save": ("'{r}', 'new', 'n', '{{}}', '{{}}', 1, 1",
                  "'{r}', 'free', 'n', '{{}}', '{{}}', 0, 1"),
    "plan_show": ("'{r}', 'plan', NULL, 2", "'{r}', 'plan', 1, 1"),
    "plan_version_list": ("'{r}', 'plan', 0, 10", "'{r}', 'plan', 1, 10"),
    "port_number_save": ("'{a}', 'port', 1, " + PORTED,
                         "'{a}', 'port', 2, " + PORTED),
    "port_request_find": ("'{a}', 0, '+14155550100'",
                          "'{r}', 1, '+14155550100'"),
    "port_request_list": ("'{leaf}', 0, 'submitted', '', '', 10",
                          "'{r}', 1, 'submitted', '', '', 10",
                          "'{a}', 0, 'submitted', '', '', 10"),
    "program_leave": ("'host', 1",),
    "program_list": ("",),
    "program_note": ("'host', 1, 'reeve', 'x', 30",),
    "program_purge": ("",),
    "quantity_change_list": ("'{a}', {day_0}",),
    "quote_create": ("'{new}', '{a}', '{r}', '{{}}', 1, 1, '{{}}'",),
    "quote_show": ("'{m}'",),
    "recovery_find": ("'{a}', NULL, NULL, '50', 1",
                      "NULL, 'x', NULL, '50', 1",
                      "NULL, NULL, 'testaccount', '50', 1"),
    "request_note": ("'{m}', 'new', 'key', {later}",),
    "request_show": ("'{m}', 'r50', 1", "'{m}', '50', 1", "'{m}', 'none', 1"),
    "reset_add": ("UNHEX(SHA2('new', 256)), '{a}', '{m}', 'x', 's50', 's51',"
                  " 5, 3, 1, 2",),
    "reset_show": ("UNHEX(SHA2('r50', 256)), 1",),
    "reset_take": ("UNHEX(SHA2('r50', 256)), '{a}', '{m}', 1",),
    "secret_left": ("'s', 1",),
    "service_ancestor_list": ("'{a}'",),
    "service_assignment_list": ("'{a}'",),
    "service_count": ("'{leaf}'", "'{a}'", "'{r}'"),
    "service_follower_list": ("'{r}', 'plan', '{m}', 10",),
    "service_former_list": ("'{a}'",),
    "service_import": ("'{leaf}', '{leaf}', 'good_standing', NULL, NULL, "
                       "'{{}}', '{{}}', '[]', '" + ONE_QUANTITY + "', 1, 1",),
    "service_quantity_list": ("'{a}'", "'{q}'"),
    "service_replace": ("'{leaf}', '{leaf}', 'good_standing', NULL, NULL, "
                        "'{{}}', '{{}}', '[]', '" + ONE_QUANTITY + "', 1",),
    "service_save": ("'{a}', NULL, NULL, NULL, NULL, NULL, NULL, '" +
                     ONE_QUANTITY + "', 1",
                     "'{q}', NULL, NULL, NULL, NULL, NULL, NULL, '" +
                     ONE_QUANTITY + "', 1"),
    "service_show": ("'{a}', 1", "'{a}', 0"),
    "session_find": (DIGEST + ", '{a}'", DIGEST + ", '{r}'"),
    "snapshot_list": ("NULL, '201901', '201912', '', '', 10",
                      "'{r}', '201904', '201904', '{m}', '201904', 10"),
    "snapshot_save": ("'{a}', '201904', '201905', '{{}}'",),
    "source_explain": ("'{a}', 'devices/x', '" + ONE + "'",),
    "source_import_list": ("'{a}'",),
    "source_list": ("'{a}'",),
    "source_replace": ("'{a}', 0, '" + ONE_SOURCE + "'",
                       "'{a}', 1, '" + ONE_SOURCE + "'"),
    "source_save": ("'{a}', 'devices/{m}', '" + ONE + "'",),
    "status_show": ("50",),
    "token_end": ("'{a}', 'x', 'user', NULL", "'{a}', 'x', 'admin', '{{}}'"),
    "token_end_all": ("'{a}', '{m}'",),
    "token_hold": (DIGEST,),
    "token_list": ("'{a}', '{m}', " + DIGEST + ", 1, 10",),
    "token_issue": (
        "UNHEX(SHA2('new', 256)), '{a}', '{m}', NULL, 'x', 1, NULL, 's', NULL,"
        " NULL",),
    "token_rekey": (DIGEST + ", UNHEX(SHA2('new', 256)), 's'",),
    "token_revoke": (DIGEST,),
    "token_template_save": ("'{a}', '{{}}', 1", "'{a}', NULL, 1"),
    "token_template_show": ("'{a}'",),
    "token_unkeyed_list": (DIGEST + ", 10",),
    "user_admin_check": ("'{a}'", "'{leaf}'"),
    "user_by_credential": (DIGEST + ", 'md5'",),
    "user_credential_rekey": (
        "'{a}', '{m}', 'md5', " + DIGEST + ", " + DIGEST + ", 's'",),
    "user_credential_set": ("'{a}', '{m}', 'sha', " + DIGEST + ", 'x', 's'",),
    "user_save": ("'{a}', '{m}', 'n', NULL, NULL, NULL, 'user', NULL, 1, 0, 1",),
    "webhook_attempt_list": ("'webhook/{a}/hook', 0, 10",),
    "webhook_list": ("'{a}'",),
    "webhook_replay": ("'webhook/{a}/hook', '" + "f" + "0" * 29 + "32', 1",
                       "'webhook/{a}/hook', '', 1"),
    "whitelabel_find": ("'whitelabel/50.example', NULL, '', 1",
                        "NULL, '{leaf}', 'whitelabel/x', 1"),
}

# (procedure, its nth call): why it reads more rows where there are more.
WALK = ("run-due walks all accounts once, in pages, and passes over those for "
        "which nothing is due")
RECOUNT = "counts everything again, and is called for that"
SUBTREE = "changes each account below"
TOKENS = "looks through the account's tokens when its template changes"
PORTS = "looks at all port requests there, and at each account below"
OF_DAYS = "adds up what is newer of the days that the page shows"
CUSTOMERS = ("adds up, or sorts by a figure of the month, all customers of one "
             "seller, and no other's")
GROWS = {
    ("port_request_list", 1): PORTS,
    ("port_request_list", 2): PORTS,
    ("account_move", 1): SUBTREE,
    ("account_resell", 1): SUBTREE,
    ("service_former_list", 0): SUBTREE,
    ("audit_day_rebuild", 0): RECOUNT,
    ("audit_day_verify", 0): RECOUNT,
    ("customer_list", 16): CUSTOMERS,
    ("customer_list", 17): CUSTOMERS,
    ("customer_total_show", 1): CUSTOMERS,
    ("delivery_list", 6): "passes over what others' receivers did not take, for "
                          "the master account's admins",
    ("due_account_list", 0): WALK,
    ("due_account_list", 3): "reads the pending payments, which run-due "
                             "settles",
    ("ledger_entry_list", 1): OF_DAYS,
    ("ledger_entry_list", 3): OF_DAYS,
    ("ledger_entry_list", 5): OF_DAYS,
    ("figure_rebuild", 0): RECOUNT,
    ("figure_verify", 0): RECOUNT,
    ("ledger_balance_rebuild", 0): RECOUNT,
    ("ledger_balance_verify", 0): RECOUNT,
    ("ledger_rollover", 1): "subtracts the entries since the month began: few, "
                            "as it is called on the first",
    ("outbox_claim", 4): "puts right what a clock that was ahead has left, 500 "
                         "lines at a time",
    ("outbox_list", 0): "reevectl outbox: sorts the messages of an account; "
                        "delivered ones are purged",
    ("outbox_list", 1): "reevectl outbox: sorts the messages of an account; "
                        "delivered ones are purged",
    ("object_owned_list", 0): "looks at all objects of a kind, when a user is "
                              "deleted with theirs",
    ("plan_naming_list", 0): "looks at all accounts below a vendor who deletes "
                             "a bookkeeper",
    ("payment_hanging_list", 2): "looks at the pending payments, which run-due "
                                 "settles",
    ("payment_refundable", 0): "a refund adds up the payments of its account",
    ("payer_far_list", 0): "reevectl account payers looks at all accounts",
    ("payment_begin", 1): "finds a pending top-up among the account's pending "
                          "payments, which run-due settles",
    ("plan_list", 2): "counts the accounts that have a plan, by an index",
    ("plan_version_list", 1): "counts the accounts that pay by a version, by an "
                              "index",
    ("plan_delete", 1): "the answer counts the accounts that have the plan",
    ("plan_import", 1): "gives the plan to the accounts that were imported "
                        "before it",
    ("quantity_change_list", 0): "adds up the changes since the month began, "
                                 "once for each account and month",
    ("secret_left", 0): "counts once, when the secret is changed",
    ("service_count", 1): RECOUNT,
    ("service_count", 2): RECOUNT,
    ("service_quantity_list", 1): "answers all quantities of an account",
    ("service_save", 1): "looks through the quantities of an account, all of "
                         "which the change has read",
    ("source_list", 0): "answers all that the objects of an account add",
    ("source_replace", 1): RECOUNT,
    ("token_end", 0): TOKENS,
    ("token_end", 1): TOKENS,
    ("webhook_replay", 1): "repeats all messages that were given up",
}


PLAN = {"name": "n", "plan": {"devices": {"sip_device": {"rate": 0}}}}
SOURCE = {"service": "cash", "id": "c{n}"}
USAGE = {"type": "x", "unit": "y", "quantity": 1}
RANGE = "created_from={day_0}&created_to={end}"
DEVICE = {"name": "d", "device_type": "sip_device"}
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg"/>'
NUMBERS = {"numbers": ["+1415555010{n}"]}

# A request of each route, in the order in which they are made: the path below
# accounts/{ACCOUNT_ID}, or from the top if it begins with "/", and the body;
# {n} counts the rounds.
ROUTES = {
    ("PUT", "user_auth"): ("/user_auth", {
        "credentials": "{credentials}", "account_name": "{r}"}),
    ("PUT", "user_auth/recovery"): ("/user_auth/recovery", {
        "username": "someone", "account_id": "{r}"}),
    ("POST", "user_auth/recovery"): ("/user_auth/recovery", {
        "reset_id": "of none"}),
    ("PUT", "api_auth"): ("/api_auth", {"api_key": "{key}"}),
    ("GET", "token_auth"): ("/token_auth", None),
    ("GET", "auth/tokeninfo"): ("/auth/tokeninfo?token={token}", None),
    ("POST", "auth/tokeninfo"): ("/auth/tokeninfo", {"token": "{token}"}),
    ("PUT", "auth"): ("/auth", {"action": "refresh_token"}),
    ("GET", "schemas"): ("/schemas", None),
    ("GET", "system/status"): ("/system/status", None),
    ("GET", "requests/{REQUEST}"): ("/requests/r50", None),
    ("GET", "schemas/{SCHEMA}"): ("/schemas/devices", None),
    ("PUT", "accounts"): ("/accounts", {"name": "Child {n}"}),
    ("GET", "accounts/{ACCOUNT_ID}"): ("", None),
    ("PUT", "accounts/{ACCOUNT_ID}"): ("", {"name": "Below {n}"}),
    ("POST", "accounts/{ACCOUNT_ID}"): ("", {"name": "Other {n}"}),
    ("PATCH", "accounts/{ACCOUNT_ID}"): ("", {"name": "Another {n}"}),
    ("DELETE", "accounts/{ACCOUNT_ID}"): ("/accounts/{sibling_n}", None),
    ("PUT", "accounts/{ACCOUNT_ID}/api_key"): ("api_key", {}),
    ("GET", "accounts/{ACCOUNT_ID}/api_key"): ("api_key", None),
    ("GET", "accounts/{ACCOUNT_ID}/children"): ("children", None),
    ("GET", "accounts/{ACCOUNT_ID}/customers"): ("customers", None),
    ("GET", "accounts/{ACCOUNT_ID}/descendants"): ("descendants", None),
    ("GET", "accounts/{ACCOUNT_ID}/descendants/port_requests"): (
        "descendants/port_requests", None),
    ("POST", "accounts/{ACCOUNT_ID}/move"): (
        "/accounts/{mover_n}/move", {"to": "{a}"}),
    ("GET", "accounts/{ACCOUNT_ID}/overview"): ("overview", None),
    ("GET", "accounts/{ACCOUNT_ID}/parents"): ("parents", None),
    ("PUT", "accounts/{ACCOUNT_ID}/reseller"): (
        "/accounts/{mover_n}/reseller", {}),
    ("DELETE", "accounts/{ACCOUNT_ID}/reseller"): (
        "/accounts/{mover_n}/reseller", None),
    ("GET", "accounts/{ACCOUNT_ID}/siblings"): ("siblings", None),
    ("POST", "accounts/{ACCOUNT_ID}/token_restrictions"): (
        "token_restrictions", {"cb_api_auth": {"_": {}}}),
    ("GET", "accounts/{ACCOUNT_ID}/token_restrictions"): (
        "token_restrictions", None),
    ("DELETE", "accounts/{ACCOUNT_ID}/token_restrictions"): (
        "token_restrictions", None),
    ("GET", "accounts/{ACCOUNT_ID}/tree"): ("tree", None),
    ("GET", "services/editable"): ("/services/editable", None),
    ("POST", "services/quote"): ("/services/quote", {}),
    ("GET", "accounts/{ACCOUNT_ID}/services"): ("services", None),
    ("POST", "accounts/{ACCOUNT_ID}/services"): (
        "services", {"add": ["plan"]}),
    ("GET", "accounts/{ACCOUNT_ID}/services/available"): (
        "services/available", None),
    ("GET", "accounts/{ACCOUNT_ID}/services/editable"): (
        "services/editable", None),
    ("POST", "accounts/{ACCOUNT_ID}/services/manual"): (
        "services/manual", {"users": {"user": "#n"}}),
    ("GET", "accounts/{ACCOUNT_ID}/services/manual"): (
        "services/manual", None),
    ("PATCH", "accounts/{ACCOUNT_ID}/services/manual"): (
        "services/manual", {"users": {"admin": "#n"}}),
    ("POST", "accounts/{ACCOUNT_ID}/services/overrides"): (
        "services/overrides", {}),
    ("GET", "accounts/{ACCOUNT_ID}/services/overrides"): (
        "services/overrides", None),
    ("PATCH", "accounts/{ACCOUNT_ID}/services/overrides"): (
        "services/overrides", {}),
    ("POST", "accounts/{ACCOUNT_ID}/services/quote"): (
        "services/quote", {"add": ["plan"]}),
    ("POST", "accounts/{ACCOUNT_ID}/services/reconciliation"): (
        "services/reconciliation", {}),
    ("GET", "accounts/{ACCOUNT_ID}/services/status"): (
        "services/status", None),
    ("POST", "accounts/{ACCOUNT_ID}/services/status"): (
        "services/status", {"in_good_standing": True}),
    ("GET", "accounts/{ACCOUNT_ID}/services/summary"): (
        "services/summary", None),
    ("POST", "accounts/{ACCOUNT_ID}/services/synchronization"): (
        "services/synchronization", {}),
    ("POST", "accounts/{ACCOUNT_ID}/services/topup"): (
        "services/topup", {"amount": 5}),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit"): (
        "services/audit?" + RANGE, None),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit/summary"): (
        "services/audit/summary?" + RANGE, None),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit/summary/{SOURCE_SERVICE}"): (
        "services/audit/summary/user?" + RANGE, None),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit/verify"): (
        "services/audit/verify?start_key=50", None),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit/{AUDIT_ID}"): (
        "services/audit/{entry}?proof=true", None),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit_summary"): (
        "services/audit_summary?" + RANGE, None),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit_summary/{SOURCE_SERVICE}"): (
        "services/audit_summary/user?" + RANGE, None),
    ("POST", "accounts/{ACCOUNT_ID}/services/{PLAN_ID}"): (
        "services/free", {}),
    ("DELETE", "accounts/{ACCOUNT_ID}/services/{PLAN_ID}"): (
        "services/free", None),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans"): (
        "/accounts/{r}/service_plans", None),
    ("PUT", "accounts/{ACCOUNT_ID}/service_plans"): (
        "/accounts/{r}/service_plans", dict(PLAN, id="new{n}")),
    ("POST", "accounts/{ACCOUNT_ID}/service_plans"): (
        "service_plans", {"add": ["free"]}),
    ("DELETE", "accounts/{ACCOUNT_ID}/service_plans"): (
        "service_plans", {"plans": ["free"]}),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/available"): (
        "service_plans/available", None),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/available/{PLAN_ID}"): (
        "service_plans/available/plan", None),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/current"): (
        "service_plans/current", None),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/editable"): (
        "service_plans/editable", None),
    ("POST", "accounts/{ACCOUNT_ID}/service_plans/reconciliation"): (
        "service_plans/reconciliation", {}),
    ("POST", "accounts/{ACCOUNT_ID}/service_plans/synchronization"): (
        "service_plans/synchronization", {}),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}"): (
        "/accounts/{r}/service_plans/plan", None),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}/versions"): (
        "/accounts/{r}/service_plans/plan/versions", None),
    ("POST", "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}"): (
        "/accounts/{r}/service_plans/free", dict(PLAN, name="{n}")),
    ("PATCH", "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}"): (
        "/accounts/{r}/service_plans/free", {"name": "patched {n}"}),
    ("DELETE", "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}"): (
        "/accounts/{r}/service_plans/new{n}", None),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers"): ("ledgers?" + RANGE, None),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/available"): (
        "ledgers/available", None),
    ("PUT", "accounts/{ACCOUNT_ID}/ledgers/credit"): (
        "ledgers/credit", {"amount": 1, "source": SOURCE, "usage": USAGE}),
    ("PUT", "accounts/{ACCOUNT_ID}/ledgers/debit"): (
        "ledgers/debit", {"amount": 1, "source": dict(SOURCE, id="d{n}"),
                          "usage": USAGE}),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/entries"): (
        "ledgers/entries?" + RANGE, None),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/summary/{MONTH}"): (
        "ledgers/summary/201904", None),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/total"): ("ledgers/total", None),
    ("PUT", "accounts/{ACCOUNT_ID}/ledgers/usage"): (
        "ledgers/usage", [{"amount": 1, "source": dict(SOURCE, id="u{n}"),
                           "usage": USAGE}]),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/{SOURCE_SERVICE}"): (
        "ledgers/voip?" + RANGE, None),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/{SOURCE_SERVICE}/{LEDGER_ID}"): (
        "ledgers/voip/{entry}", None),
    ("GET", "accounts/{ACCOUNT_ID}/transactions"): (
        "transactions?" + RANGE, None),
    ("PUT", "accounts/{ACCOUNT_ID}/transactions/credit"): (
        "transactions/credit", {"amount": 5}),
    ("GET", "accounts/{ACCOUNT_ID}/transactions/current_balance"): (
        "transactions/current_balance", None),
    ("PUT", "accounts/{ACCOUNT_ID}/transactions/debit"): (
        "transactions/debit", {"amount": 5}),
    ("PUT", "accounts/{ACCOUNT_ID}/transactions/refund"): (
        "transactions/refund", {"amount": 5}),
    ("PUT", "accounts/{ACCOUNT_ID}/transactions/sale"): (
        "transactions/sale", {"amount": 5}),
    ("GET", "accounts/{ACCOUNT_ID}/transactions/{TRANSACTION_ID}"): (
        "transactions/{entry}", None),
    ("GET", "phone_numbers/classifiers"): (
        "/phone_numbers/classifiers", None),
    ("GET", "accounts/{ACCOUNT_ID}/phone_numbers/classifiers"): (
        "phone_numbers/classifiers", None),
    ("GET", "accounts/{ACCOUNT_ID}/phone_numbers"): ("phone_numbers", None),
    ("GET", "accounts/{ACCOUNT_ID}/access_lists"): ("access_lists", None),
    ("GET", "accounts/{ACCOUNT_ID}/channels"): ("channels", None),
    ("GET", "accounts/{ACCOUNT_ID}/configs/{NAME}"): ("configs/x", None),
    ("GET", "accounts/{ACCOUNT_ID}/devices/status"): ("devices/status", None),
    ("GET", "accounts/{ACCOUNT_ID}/directories"): ("directories", None),
    ("GET", "accounts/{ACCOUNT_ID}/groups"): ("groups", None),
    ("GET", "accounts/{ACCOUNT_ID}/multi_factor"): ("multi_factor", None),
    ("GET", "accounts/{ACCOUNT_ID}/security"): ("security", None),
    ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/collection"): (
        "phone_numbers/collection", NUMBERS),
    ("POST", "accounts/{ACCOUNT_ID}/phone_numbers/collection"): (
        "phone_numbers/collection", NUMBERS),
    ("PATCH", "accounts/{ACCOUNT_ID}/phone_numbers/collection"): (
        "phone_numbers/collection", NUMBERS),
    ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/collection/activate"): (
        "phone_numbers/collection/activate", NUMBERS),
    ("DELETE", "accounts/{ACCOUNT_ID}/phone_numbers/collection"): (
        "phone_numbers/collection", NUMBERS),
    ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"): (
        "phone_numbers/+1415555020{n}", {}),
    ("GET", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"): (
        "phone_numbers/+1415555020{n}", None),
    ("POST", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"): (
        "phone_numbers/+1415555020{n}", {}),
    ("PATCH", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"): (
        "phone_numbers/+1415555020{n}", {}),
    ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}/activate"): (
        "phone_numbers/+1415555020{n}/activate", {}),
    ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}/reserve"): (
        "phone_numbers/+1415555020{n}/reserve", {}),
    ("DELETE", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"): (
        "phone_numbers/+1415555020{n}", None),
    ("POST", "accounts/{ACCOUNT_ID}/ips"): ("ips", ["10.0.0.{n}"]),
    ("GET", "accounts/{ACCOUNT_ID}/ips"): ("ips", None),
    ("GET", "accounts/{ACCOUNT_ID}/ips/assigned"): ("ips/assigned", None),
    ("GET", "accounts/{ACCOUNT_ID}/ips/{IP}"): ("ips/10.0.0.{n}", None),
    ("POST", "accounts/{ACCOUNT_ID}/ips/{IP}"): (
        "ips/10.0.0.{n}", {"zone": "z"}),
    ("DELETE", "accounts/{ACCOUNT_ID}/ips/{IP}"): ("ips/10.0.0.{n}", None),
    ("GET", "accounts/{ACCOUNT_ID}/apps_store"): ("apps_store", None),
    ("GET", "accounts/{ACCOUNT_ID}/apps_store/blacklist"): (
        "apps_store/blacklist", None),
    ("POST", "accounts/{ACCOUNT_ID}/apps_store/blacklist"): (
        "apps_store/blacklist", {"blacklist": []}),
    ("PUT", "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}"): (
        "apps_store/{app}", {}),
    ("GET", "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}"): (
        "apps_store/{app}", None),
    ("POST", "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}"): (
        "apps_store/{app}", {"allowed_users": "admins"}),
    ("DELETE", "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}"): (
        "apps_store/{app}", None),
    ("PUT", "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon"): (
        "/accounts/{r}/apps/{app}/icon", PICTURE),
    ("POST", "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon"): (
        "/accounts/{r}/apps/{app}/icon", PICTURE),
    ("GET", "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon"): (
        "/accounts/{r}/apps/{app}/icon", None),
    ("GET", "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}/icon"): (
        "apps_store/{app}/icon", None),
    ("DELETE", "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon"): (
        "/accounts/{r}/apps/{app}/icon", None),
    ("PATCH", "accounts/{ACCOUNT_ID}/port_requests/{ID}/{STATE}"): (
        "port_requests/{port_n}/submitted", {}),
    ("GET", "accounts/{ACCOUNT_ID}/users/{ID}/tokens"): (
        "users/{m}/tokens", None),
    ("DELETE", "accounts/{ACCOUNT_ID}/users/{ID}/tokens"): (
        "users/{m}/tokens", None),
    ("GET", "accounts/{ACCOUNT_ID}/deliveries"): (
        "/accounts/{r}/deliveries?page_size=10", None),
    ("POST", "accounts/{ACCOUNT_ID}/deliveries/{ID}/replay"): (
        "/accounts/{r}/deliveries/{dead_n}/replay", {}),
    ("GET", "accounts/{ACCOUNT_ID}/webhooks/{ID}/attempts"): (
        "webhooks/hook/attempts", None),
    ("POST", "accounts/{ACCOUNT_ID}/webhooks/{ID}/replay"): (
        "webhooks/hook/replay", {}),
    ("POST", "accounts/{ACCOUNT_ID}/allotments"): (
        "allotments", {"voice": {"amount": 60, "cycle": "monthly"}}),
    ("GET", "accounts/{ACCOUNT_ID}/allotments"): ("allotments", None),
    ("GET", "accounts/{ACCOUNT_ID}/allotments/consumed"): (
        "allotments/consumed", None),
    ("PUT", "accounts/{ACCOUNT_ID}/{SETTING}"): (
        "whitelabel", {"domain": "white.test"}),
    ("GET", "whitelabel/{DOMAIN}"): ("/whitelabel/white.test", None),
    ("PUT", "accounts/{ACCOUNT_ID}/whitelabel/logo"): (
        "whitelabel/logo", PICTURE),
    ("POST", "accounts/{ACCOUNT_ID}/whitelabel/logo"): (
        "whitelabel/logo", PICTURE),
    ("GET", "accounts/{ACCOUNT_ID}/whitelabel/logo"): (
        "whitelabel/logo", None),
    ("GET", "whitelabel/{DOMAIN}/logo"): (
        "/whitelabel/white.test/logo", None),
    ("DELETE", "accounts/{ACCOUNT_ID}/whitelabel/logo"): (
        "whitelabel/logo", None),
    ("PUT", "accounts/{ACCOUNT_ID}/whitelabel/icon"): (
        "whitelabel/icon", PICTURE),
    ("POST", "accounts/{ACCOUNT_ID}/whitelabel/icon"): (
        "whitelabel/icon", PICTURE),
    ("GET", "accounts/{ACCOUNT_ID}/whitelabel/icon"): (
        "whitelabel/icon", None),
    ("GET", "whitelabel/{DOMAIN}/icon"): (
        "/whitelabel/white.test/icon", None),
    ("DELETE", "accounts/{ACCOUNT_ID}/whitelabel/icon"): (
        "whitelabel/icon", None),
    ("GET", "accounts/{ACCOUNT_ID}/{SETTING}"): ("whitelabel", None),
    ("POST", "accounts/{ACCOUNT_ID}/{SETTING}"): (
        "whitelabel", {"domain": "white.test"}),
    ("PATCH", "accounts/{ACCOUNT_ID}/{SETTING}"): (
        "whitelabel", {"domain": "white.test"}),
    ("DELETE", "accounts/{ACCOUNT_ID}/{SETTING}"): ("whitelabel", None),
    ("GET", "accounts/{ACCOUNT_ID}/{KIND}"): ("devices", None),
    ("PUT", "accounts/{ACCOUNT_ID}/{KIND}"): ("devices", DEVICE),
    ("PUT", "accounts/{ACCOUNT_ID}/{KIND}/collection"): (
        "devices/collection", [DEVICE, DEVICE]),
    ("GET", "accounts/{ACCOUNT_ID}/{KIND}/{ID}"): (
        "devices/{sibling_n}", None),
    ("POST", "accounts/{ACCOUNT_ID}/{KIND}/{ID}"): (
        "devices/{sibling_n}", DEVICE),
    ("PATCH", "accounts/{ACCOUNT_ID}/{KIND}/{ID}"): (
        "devices/{sibling_n}", {"name": "other"}),
    ("DELETE", "accounts/{ACCOUNT_ID}/{KIND}/{ID}"): (
        "devices/{sibling_n}", None),
    ("DELETE", "token_auth"): ("/token_auth", None),
}

# Those without a bookkeeper that moves money are refused, but only then; an id in
# no link is, too.
REFUSED = {("POST", "user_auth/recovery"): 401,
           ("PUT", "accounts/{ACCOUNT_ID}/transactions/refund"): 500,
           ("PUT", "accounts/{ACCOUNT_ID}/transactions/sale"): 500}

# A process of the pool notes itself every few seconds, whatever request it serves
# then: it reads the record of the procedures and its own row.
NOTE_ROWS = 2

# Why a route reads more rows where there are more.
ROUTES_GROW = {
    ("GET", "accounts/{ACCOUNT_ID}/descendants/port_requests"): PORTS,
    ("GET", "system/status"):
        "counts each list to its first 10001 entries",
    ("POST", "accounts/{ACCOUNT_ID}/services/reconciliation"): RECOUNT,
    ("POST", "accounts/{ACCOUNT_ID}/service_plans/reconciliation"): RECOUNT,
    ("POST", "accounts/{ACCOUNT_ID}/token_restrictions"): TOKENS,
    ("DELETE", "accounts/{ACCOUNT_ID}/token_restrictions"): TOKENS,
    ("POST", "accounts/{ACCOUNT_ID}/webhooks/{ID}/replay"):
        "repeats all messages that were given up",
}


def external_procedures():
    """The procedures that the program calls."""
    for path in glob.glob("%s/routines/*.sql" % SQL_DIR):
        with open(path) as f:
            if not re.search(r"^--.* Internal\.$", f.read(), re.M):
                yield os.path.basename(path)[:-len(".sql")]


def fill_in(text, values):
    """Puts values for {names}, and the number of the round for "#n"."""
    text = text.replace('"#n"', str(values["n"]))
    return re.sub(r"\{(\w+)\}", lambda m: str(values[m[1]]), text)


def routes():
    """{(method, path): who may call it}"""
    with open(os.path.join(TOP, "src", "api", "routes.c")) as f:
        return {row[:2]: row[2] for row in re.findall(
            r'\{ METHOD_(\w+), +"([^"]+)", *(WHO_\w+)', f.read())}


@require(REEVE, REEVECTL)
class Rows(StackTest):
    pool = True
    options = {"workers": "1", "max_range": "10000d",
               "mail_smarthost": "smtp://localhost:1",
               "mail_from": "a@example.com", "ui_url": "https://example.com/",
               "summary_max_range": "10000d"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = {
            "a": ACCOUNT, "r": RESELLER, "leaf": LEAF, "q": "d" * 32,
            "m": MIDDLE, "new": "f" * 32, "ff": "f" * 32, "entry": ENTRY % 51,
            "day_0": DAY_0, "day_15": DAY_0 + 15 * DAY, "end": DAY_0 + 31 * DAY,
            "later": 10 ** 12, "sibling": SIBLING, "quantities": "d" * 32,
            "plan": json.dumps(PLAN), "device": json.dumps(DEVICE)}
        cls.stack.sql(DIGITS + PART % (1, 1))
        for id, parent, reseller in (
                (RESELLER, cls.stack.master, 1), (ACCOUNT, RESELLER, 0),
                (LEAF, RESELLER, 0), ("d" * 32, RESELLER, 0)):
            cls.add_accounts("'%s'" % id, parent, reseller)
        cls.stack.sql(ONCE.format(**cls.values))
        cls.set_up_requests()
        cls.round = 0
        cls.grow(1, SMALL)
        for _ in range(2):  # the first ones write what later ones find
            cls.request_all()
        cls.small_requests = cls.request_all()
        cls.small = cls.count()
        cls.grow(SMALL + 1, LARGE)
        cls.large = cls.count()
        cls.large_requests = cls.request_all()

    @classmethod
    def ask(cls, method, path, body, token=None):
        answer = cls.stack.request(method, "/v2" + path, token or cls.token,
                                   body)
        if answer.status >= 400:
            raise AssertionError("%s %s: %s" % (method, path, answer))
        return answer

    @classmethod
    def set_up_requests(cls):
        cls.session = cls.stack.session()
        cls.addClassCleanup(cls.session.close)
        cls.token = cls.stack.issue_token(RESELLER)
        reseller = "/accounts/" + RESELLER
        cls.ask("PUT", reseller + "/users", {
            "first_name": "A", "last_name": "B", "username": "someone",
            "password": "something", "email": "a@example.com"})
        cls.values["credentials"] = hashlib.md5(
            b"someone:something").hexdigest()
        cls.values["key"] = cls.ask("PUT", reseller + "/api_key",
                                    {}).data["api_key"]
        cls.values["token"] = cls.stack.request(
            "PUT", "/v2/api_auth", None,
            {"api_key": cls.values["key"]}).envelope["auth_token"]
        cls.values["app"] = cls.ask("PUT", reseller + "/apps", {
            "name": "voip", "i18n": {"en-US": {"label": "V"}}}).data["id"]

    @classmethod
    def request_all(cls):
        """{route: (rows read, status)}; each request once."""
        cls.round += 1
        # Siblings that are alike: their numbers are multiples of 6.
        values = dict(
            cls.values, n=cls.round, sibling_n="%032d" % (cls.round * 6),
            dead_n="%032X" % (cls.round * 3 + 2),
            mover_n="%032d" % (cls.round * 6 + 30),
            port_n=cls.ask(
                "PUT", "/accounts/%s/port_requests" % ACCOUNT, {
                    "name": "P",
                    "numbers": {"+1555555%04d" % cls.round: {}}}).data["id"])
        who, counts = routes(), {}
        for route, (path, body) in ROUTES.items():
            if not path.startswith("/"):
                path = ("/accounts/%s/%s" % (ACCOUNT, path)).rstrip("/")
            path, body = (fill_in(text, values) for text in (
                path, json.dumps(body)))
            token = cls.token
            if who.get(route) == "WHO_ADMIN":
                token = cls.stack.token
            elif path == "/token_auth" and route[0] == "DELETE":
                token = cls.stack.issue_token(RESELLER)
            elif path == "/auth":
                token = cls.values["token"]
            before = cls.rows_read()
            answer = cls.send(route[0], "/v2" + path, token,
                              json.loads(body))
            counts[route] = cls.rows_read() - before, answer.status
        return counts

    @classmethod
    def send(cls, method, path, token, body):
        if body != PICTURE:
            return cls.stack.request(method, path, token, body)
        return fastcgi(cls.stack.pool_socket, method, path,
                       {"X-Auth-Token": token}, body.encode(), "image/svg+xml")

    @classmethod
    def rows_read(cls):
        """The number of rows that the server has read."""
        cls.session.send("SHOW GLOBAL STATUS LIKE 'Handler_read%';"
                         "SELECT 'end'")
        count = 0
        for line in cls.session.process.stdout:
            if line == "end\n":
                return count
            count += int(line.split()[1])
        raise AssertionError("the session ended")

    @classmethod
    def add_accounts(cls, id, parent, reseller=0):
        cls.stack.sql(ACCOUNT_ROWS.format(
            id=id, parent="'%s'" % parent, day_0=DAY_0,
            is_reseller=reseller,
            reseller=cls.stack.master if reseller else RESELLER))

    @classmethod
    def grow(cls, first, last):
        """Adds rows number first to last of everything."""
        cls.stack.sql("DROP TABLE part;" + PART % (first, last))
        cls.add_accounts(SIBLING, RESELLER)
        cls.add_accounts(DESCENDANT, ACCOUNT)
        cls.stack.sql(MORE.format(first=first, last=last, **cls.values) +
                      "CALL audit_day_rebuild('%s', '1000-01-01',"
                      " '9999-12-31');"
                      "CALL ledger_balance_rebuild('%s');"
                      "UPDATE outbox_line SET claim = 'claim' WHERE account_id"
                      " = '%s' AND target LIKE 'bookkeeper/%%';" % (
                          ACCOUNT, ACCOUNT, ACCOUNT))
        for state in ("waiting", "dead"):
            cls.values[state] = cls.stack.number(
                "SELECT MIN(id) FROM outbox WHERE state = '%s'" % state)
        tables = [row[0] for row in cls.stack.sql("SHOW TABLES")]
        cls.stack.sql("ANALYZE TABLE " + ", ".join(tables))

    @classmethod
    def count(cls):
        """{(procedure, nth call): rows read}"""
        calls = [(name, n) for name in sorted(CALLS)
                 for n in range(len(CALLS[name]))]
        text = ""
        for name, n in calls:
            # Once to load the procedure: that is counted as reading, too.
            call = "START TRANSACTION; CALL %s(%s); ROLLBACK;" % (
                name, CALLS[name][n].format(**cls.values))
            text += (call + "FLUSH STATUS;" + call +
                     "SELECT 'count', '%s', %d; SHOW SESSION STATUS LIKE"
                     " 'Handler_read%%';" % (name, n))
        # Some answers are hashes, and no text.
        done = subprocess.run(cls.stack.client + ["reeve"], input=text,
                              capture_output=True, text=True, errors="replace")
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        counts, current = {}, None
        for row in (line.split("\t") for line in done.stdout.split("\n")):
            if row[0] == "count":
                current = row[1], int(row[2])
                counts[current] = 0
            elif current and row[0].startswith("Handler_read"):
                counts[current] += int(row[1])
        return counts

    def test_every_procedure_has_its_calls(self):
        self.assertEqual(set(external_procedures()), set(CALLS))
        self.assertLessEqual(set(GROWS), set(self.small))

    def test_every_route_has_its_request(self):
        self.assertEqual(set(routes()), set(ROUTES))
        self.assertLessEqual(set(ROUTES_GROW), set(ROUTES))

    def test_rows_read_by_routes_do_not_grow(self):
        for route, (small, status) in self.small_requests.items():
            large, again = self.large_requests[route]
            with self.subTest(route):
                for seen in (status, again):
                    if route in REFUSED:
                        self.assertEqual(REFUSED[route], seen)
                    else:
                        self.assertLess(seen, 400)
                if route in ROUTES_GROW:
                    self.assertGreater(large, small, "it no longer grows")
                else:
                    self.assertLessEqual(large, small + NOTE_ROWS)

    def test_rows_read_by_procedures_do_not_grow(self):
        for call, small in self.small.items():
            with self.subTest(call):
                if call in GROWS:
                    self.assertGreater(self.large[call], small,
                                       "it no longer grows")
                else:
                    self.assertLessEqual(self.large[call], small)

    def change(self, quantity):
        """The number of statements that a change of the leaf executes."""
        status = "SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'"
        before = int(self.stack.sql(status)[0][1])
        self.ask("PATCH", "/accounts/%s/services/manual" % LEAF,
                 {"users": {"user": quantity}})
        return int(self.stack.sql(status)[0][1]) - before

    def test_changes_look_for_webhooks_only_where_some_are(self):
        self.change(1)
        without = self.change(2)
        self.ask("PUT", "/accounts/%s/webhooks" % LEAF, {
            "name": "W", "uri": "https://a.example.com/", "hooks": ["topup.failed"]})
        self.assertEqual(without + 1, self.change(3))


if __name__ == "__main__":
    unittest.main()
