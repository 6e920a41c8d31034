/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/mail.h"

#include <string.h>

#include "base/json.h"
#include "base/seal.h"
#include "base/secret.h"

#define RECEIVERS 16

bool
mail_is_on(const struct config *config)
{
	return config->mail_smarthost[0] != '\0';
}

static const char *
target_of(struct arena *a, const char *address)
{
	const char *lower = arena_lower(a, address);
	unsigned char digest[DIGEST_BYTES];

	secret_digest(lower, strlen(lower), digest);
	return arena_printf(a, MAIL_TARGET "smarthost/%d",
	    digest[0] % RECEIVERS);
}

static const char *
place_of(struct arena *a, const char *delivery_id)
{
	return arena_printf(a, "mail %s", delivery_id);
}

static const char *
text_of(struct arena *a, const struct mail *mail)
{
	struct json_object *json = json_own(a, json_object_new_object());

	json_put_string(json, "to", mail->to);
	json_put_string(json, "subject", mail->subject);
	json_put_string(json, "text", mail->text);
	json_put_int(json, "lasts", mail->lasts_s);
	return json_canonical_text(a, json);
}

struct problem *
mail_leave(struct db *db, struct arena *a,
    const struct mail_occasion *occasion, const struct mail *mail)
{
	struct json_object *document = json_own(a, json_object_new_object());
	const char *secret = db_config(db)->secret;
	struct outbox_message message = {
		.account_id = occasion->account_id,
		.target = target_of(a, mail->to),
		.message = occasion->name,
	};
	char *id = arena_alloc(a, ID_SIZE);

	if (secret[0] == '\0')
		return problem_fault(a, "no secret is configured: mail cannot "
		    "be sealed");
	id_new(id);
	message.delivery_id = id;
	json_put_string(document, "sealed", seal_make(a, secret,
	    place_of(a, id), text_of(a, mail)));
	message.document = json_canonical_text(a, document);
	return store_outbox_add(db, a, &message, occasion->now);
}

bool
mail_open(struct arena *a, const struct config *config,
    const struct outbox_message *message, struct mail *out)
{
	struct json_object *json;
	const char *seal, *text, *error;

	json = json_parse(a, message->document, strlen(message->document),
	    &error);
	if ((seal = json_string_at(json, "sealed")) == NULL ||
	    (text = seal_open_by_either(a, config->secret,
	    config->previous_secret, place_of(a, message->delivery_id),
	    seal)) == NULL)
		return false;
	json = json_parse(a, text, strlen(text), &error);
	*out = (struct mail){
		.to = json_string_at(json, "to"),
		.subject = json_string_at(json, "subject"),
		.text = json_string_at(json, "text"),
	};
	(void)json_int_at(json, "lasts", &out->lasts_s);
	return out->to != NULL && out->subject != NULL && out->text != NULL;
}
