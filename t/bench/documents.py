# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents as large as real ones: small ones hide what reading, printing and
storing them costs."""

import json


def text(document):
    """A document as the database stores it."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def invoice_item(category, item):
    return {"billable": 5, "category": category, "item": item,
            "changes": {"difference": {"billable": 1, "quantity": 1},
                        "type": "modified"},
            "name": "%s/%s" % (category, item), "maximum": 20,
            "prorate": {"additions": True, "removals": True}, "quantity": 5,
            "rate": 3.5, "total": 17.5}


def audit_document(account):
    """Of an entry with an invoice of four changed lines, about 2 KB."""
    bookkeeper = {"id": "default_bookkeeper", "type": "default",
                  "vendor_id": "d7c3886656b6cd0f9a62f71818eba75b"}
    items = [invoice_item(*line) for line in (
        ("users", "user"), ("devices", "sip_device"),
        ("phone_numbers", "phone_number"), ("voicemails", "mailbox"))]
    return {
        "audit": {
            "account": {"id": account, "name": "Bench"},
            "agent": {"account_id": "d7c3886656b6cd0f9a62f71818eba75b",
                      "type": "user",
                      "user_id": "71d5b6f2a83c4e09b1467ecf9028da53"},
            "authentication": {
                "account_id": "d7c3886656b6cd0f9a62f71818eba75b",
                "account_name": "Bench Reseller", "type": "x-auth-token"},
            "changes": {"account_id": account, "account_name": "Bench",
                        "type": ["user", "device", "phone_number", "vmbox"]},
            "crossbar_request": True,
            "request": {"client_ip": "203.0.113.7", "method": "PUT",
                        "id": "e412adb00d2394e63607ba908e2286c7",
                        "path": "/v2/accounts/%s/devices" % account}},
        "bookkeeper": bookkeeper,
        "invoice": {"activation_charges": [
                        dict(rate=15, total=15, billable=1, item="user",
                             category="users", name="users/user")],
                    "bookkeeper": bookkeeper, "items": items,
                    "summary": {"recurring": 70, "today": 15}, "taxes": []}}


def call(number, account, start):
    """An entry of usage as a switch sends it after a call, about 1 KB."""
    leg = "%08x-9b1d-4c5e-8f70-3a2b6c4d8e90" % number
    return {
        "account": {"id": account},
        "source": {"service": "per-minute-voip", "id": "call-%d" % number},
        "usage": {"type": "voice", "quantity": 60 + number % 7, "unit": "sec"},
        "amount": 0.0125, "period": {"start": start, "end": start + 67},
        "description": "Call to +14155550100",
        "metadata": {
            "call_id": leg + "@sip.example.com", "bridge_id": "b" + leg,
            "direction": "outbound", "from": "1001", "to": "+14155550100",
            "caller_id_name": "Reception", "caller_id_number": "+13125550142",
            "callee_id_name": "+14155550100", "request":
            "+14155550100@a6f03c.sip.example.com", "resource":
            {"id": "4ab86fd32f8d06c1b94e4a7d9c35e710", "name": "Carrier West",
             "type": "offnet-termination", "gateway": "gw2.example.net"},
            "rate": {"name": "US-CA-415", "prefix": "1415", "rate": 0.0125,
                     "increment": 6, "minimum": 60, "surcharge": 0,
                     "description": "California, San Francisco"},
            "authorizing": {"id": "0a6f3cd8e5b247918f4e2d70cb9135a6",
                            "type": "device",
                            "owner_id": "e84a19d7c3f0425b8d26a5b0917c4f6e"},
            "media": {"codec": "PCMU", "node": "media1@fs.example.com"},
            "ringing_seconds": 6, "hangup_cause": "NORMAL_CLEARING"}}


def device(number=0):
    """About 1 KB."""
    return {
        "name": "Desk phone %d" % number, "device_type": "sip_device",
        "enabled": True, "mac_address": "00:15:65:%02x:%02x:%02x" % (
            number >> 16 & 255, number >> 8 & 255, number & 255),
        "owner_id": "0a6f3cd8e5b247918f4e2d70cb9135a6",
        "caller_id": {
            "internal": {"name": "Reception", "number": "1001"},
            "external": {"name": "Example Inc", "number": "+13125550142"},
            "emergency": {"name": "Example Inc", "number": "+13125550142"}},
        "call_forward": {"enabled": False, "number": "",
                         "direct_calls_only": False, "failover": False,
                         "ignore_early_media": True, "keep_caller_id": True,
                         "require_keypress": True, "substitute": True},
        "media": {"audio": {"codecs": ["PCMU", "PCMA", "G722", "OPUS"]},
                  "encryption": {"enforce_security": False, "methods": []},
                  "video": {"codecs": []}, "fax_option": False},
        "provision": {"endpoint_brand": "yealink", "endpoint_family": "t4x",
                      "endpoint_model": "t46s", "feature_keys": {
                          str(key): {"type": "presence", "value": "10%02d" % key}
                          for key in range(6)}},
        "ringtones": {"internal": "bellcore-dr1", "external": "bellcore-dr2"},
        "music_on_hold": {}, "mwi_unsolicited_updates": True,
        "register_overwrite_notify": False, "suppress_unregister_notify": False}


def user(number):
    """About 1 KB."""
    document = {key: value for key, value in device(number).items() if key in (
        "enabled", "caller_id", "call_forward", "media", "music_on_hold",
        "ringtones")}
    return dict(
        document, first_name="Alex", last_name="Example %d" % number,
        email="user%d@example.com" % number, priv_level="user",
        timezone="America/Chicago", language="en-us", verified=True,
        presence_id="1001", require_password_update=False,
        vm_to_email_enabled=True, fax_to_email_enabled=True,
        do_not_disturb={"enabled": False}, call_waiting={"enabled": True},
        hotdesk={"enabled": False, "id": "1001",
                 "keep_logged_in_elsewhere": False, "require_pin": False},
        profile={"title": "Reception", "nicknames": ["Front desk"],
                 "note": "Answers the main number from eight to six"})


def account():
    return {"language": "en-us", "timezone": "America/Chicago",
            "contact": {"billing": {"name": "Example Inc",
                                    "street": "100 Example Street",
                                    "city": "Chicago", "zip": "60601",
                                    "email": "billing@example.com"}},
            "notifications": {"voicemail_to_email": {"enabled": True}},
            "preflow": {"always": ""}, "call_restriction": {}}
