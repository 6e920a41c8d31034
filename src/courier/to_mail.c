/* SPDX-License-Identifier: GPL-3.0-or-later */
/* E-mails to the smarthost, from the outbox. */
#include "config.h"

#include "courier/errand.h"

#include <string.h>

#include "base/gregorian.h"
#include "base/mail_address.h"
#include "courier/letter.h"
#include "courier/wire.h"
#include "service/mail.h"

/* Of all mails, whatever their targets: it is one server. */
#define SMARTHOST "mail/smarthost"

static enum smtp_tls
tls_of(const struct config *c)
{
	if (strcmp(c->mail_tls, "off") == 0)
		return SMTP_TLS_OFF;
	return strcmp(c->mail_tls, "required") == 0 ? SMTP_TLS_REQUIRED :
	    SMTP_TLS_VERIFY;
}

static const char *
given(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

static const struct smtp_mail *
envelope_of(struct arena *a, const struct config *c, const char *to)
{
	struct smtp_mail *mail = arena_alloc(a, sizeof(*mail));

	*mail = (struct smtp_mail){
		.from = c->mail_from,
		.to = to,
		.tls = tls_of(c),
		.ca = given(c->mail_tls_ca),
		.user = given(c->mail_user),
		.password = c->mail_password,
	};
	return mail;
}

static void
build_post(struct errand *e, struct arena *a, const struct mail *mail)
{
	const struct config *c = e->courier->config;
	const struct letter letter = {
		.from = c->mail_from,
		.to = mail->to,
		.subject = mail->subject,
		.text = mail->text,
		.id = e->message->delivery_id,
		.created = e->message->created,
	};
	const char *text = letter_write(a, &letter);

	e->sends = true;
	e->breaker = SMARTHOST;
	e->post = (struct http_post){
		.url = c->mail_smarthost,
		.body = text,
		.length = strlen(text),
		.mail = envelope_of(a, c, mail->to),
		.connect_timeout_ms = c->courier_connect_timeout_s * 1000,
		.timeout_ms = c->courier_timeout_s * 1000,
		.private_allowed = true, /* it is not a stranger's */
	};
}

struct problem *
errand_for_mail(struct errand *e, struct arena *a)
{
	const struct config *c = e->courier->config;
	struct mail mail;

	if (!mail_open(a, c, e->message, &mail))
		e->answer = errand_answer(BOOKKEEPER_AGAIN, "mail_secret",
		    "the mail cannot be opened: it was sealed under another "
		    "secret_file");
	else if (mail.lasts_s != 0 &&
	    e->message->created + mail.lasts_s <= gregorian_now())
		e->answer = errand_answer(BOOKKEEPER_DECLINED, "late",
		    "it was not sent in the time in which it was of use");
	else if (!is_mail_address(mail.to))
		e->answer = errand_answer(BOOKKEEPER_DECLINED, "address",
		    "nothing is sent to such an address");
	else if (!mail_is_on(c))
		e->answer = errand_answer(BOOKKEEPER_AGAIN, "no_smarthost",
		    "mail_smarthost is not configured");
	else
		build_post(e, a, &mail);
	return NULL;
}

/* A login that is missing or refused is for us to correct, however final it
 * sounds. */
static bool
is_final(int status)
{
	return status >= 500 && status != 530 && status != 534 &&
	    status != 535 && status != 538;
}

void
errand_hear_mail(struct errand *e, struct arena *a,
    const struct http_answer *http)
{
	struct bookkeeper_answer *answer = &e->answer;

	if (http->end != HTTP_POST_ANSWERED) {
		wire_judge(a, BOOKKEEPER_2015, BOOKKEEPER_SAYS_UPDATE, http,
		    answer);
		answer->message = http->why;
		return;
	}
	*answer = errand_answer(BOOKKEEPER_DONE, NULL, NULL);
	answer->status = http->status;
	if (http->status / 100 == 2)
		return;
	answer->verdict = is_final(http->status) ? BOOKKEEPER_DECLINED :
	    BOOKKEEPER_AGAIN;
	answer->reason = arena_printf(a, "smtp_%d", http->status);
	answer->message = http->body;
}
