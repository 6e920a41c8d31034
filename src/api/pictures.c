/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures: the logo and the icon of a whitelabel, and the icon of an
 * application, which are bytes and not JSON.
 */
#include "config.h"

#include <string.h>

#include "api/apps_offered.h"
#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/resource.h"
#include "api/whitelabel.h"
#include "store/pictures.h"

/* The last segment of the path names the picture. */
static const char *
name_of(const struct call *c)
{
	return c->request->segments[c->request->segment_count - 1];
}

/* That of an application in the path, else of the account's whitelabel. */
static struct picture_key
key_of(const struct call *c)
{
	const char *app_id = c->parameters[0];

	return app_id == NULL ?
	    (struct picture_key){ c->account_id, kind_whitelabel.noun,
		kind_whitelabel.noun, name_of(c) } :
	    (struct picture_key){ c->account_id, kind_apps.noun, app_id,
		name_of(c) };
}

/* ---- showing ---- */

static struct problem *
answer(struct call *c, const char *name, const struct picture *picture)
{
	if (picture == NULL)
		return problem_bad_identifier(c->arena, name);
	response_file(c->response, picture_media_types[picture->form],
	    picture->content.at, picture->content.length);
	return NULL;
}

static struct problem *
show(struct call *c, const struct picture_key *key)
{
	struct picture *picture;
	struct problem *p = store_picture_show(c->db, c->arena, key, false,
	    &picture);

	return p != NULL ? p : answer(c, key->name, picture);
}

struct problem *
pictures_show(struct call *c)
{
	const struct picture_key key = key_of(c);

	return show(c, &key);
}

struct problem *
pictures_of_domain(struct call *c)
{
	struct whitelabel *seen;
	struct problem *p = whitelabel_in_use(c, &seen);

	return p != NULL ? p : show(c, &(struct picture_key){
	    seen->account_id, kind_whitelabel.noun, kind_whitelabel.noun,
	    name_of(c) });
}

struct problem *
pictures_of_app(struct call *c)
{
	struct json_object *store;
	struct offered_app l;
	struct problem *p;
	bool there;

	if ((p = apps_store_load(c, &store, &there)) != NULL ||
	    (p = apps_offered_find(c, c->parameters[0], store, &l)) != NULL)
		return p;
	return show(c, &(struct picture_key){ l.offerer, kind_apps.noun, l.id,
	    name_of(c) });
}

/* ---- changing ---- */

/* The picture in the body. */
static struct problem *
read_picture(struct call *c, struct picture *out)
{
	const struct request *rq = c->request;
	enum picture_form form;
	const char *why;

	if (rq->bytes == NULL && rq->envelope != NULL)
		return problem_text(c->arena, PROBLEM_UNSUPPORTED_TYPE,
		    "the body must be a picture: image/png, image/jpeg, "
		    "image/svg+xml, application/octet-stream, or "
		    "application/base64");
	if (rq->bytes == NULL)
		return problem_invalid(c->arena, "file", "required",
		    "Field is required but missing");
	if (rq->byte_count > PICTURE_BYTES_MAX)
		return problem_text(c->arena, PROBLEM_TOO_LARGE,
		    "a picture must not be more than %d bytes",
		    PICTURE_BYTES_MAX);
	why = picture_refusal(c->arena, rq->bytes, rq->byte_count, &form);
	if (why != NULL)
		return problem_invalid(c->arena, "file", "invalid",
		    "The picture %s", why);
	*out = (struct picture){ form, { rq->bytes, rq->byte_count } };
	return NULL;
}

/*
 * The object has to be there, and the picture has to be the one that If-Match, if
 * sent, names: nobody else changes it meanwhile.
 */
static struct problem *
check_object(struct call *c, const struct picture_key *key)
{
	struct picture *picture;
	struct object *object;
	struct problem *p;

	p = resource_find(c, kind_of_noun(key->noun), key->object_id, &object);
	if (p != NULL || request_header(c->request, "HTTP_IF_MATCH") == NULL)
		return p;
	p = store_picture_show(c->db, c->arena, key, true, &picture);
	if (p != NULL)
		return p;
	return picture == NULL ? problem_new(c->arena, PROBLEM_PRECONDITION) :
	    entity_match_bytes(c, picture->content.at,
	    picture->content.length);
}

static void
describe(struct call *c, const struct picture *picture)
{
	struct json_writer *w = &c->response->json;

	json_begin_object(w);
	json_member_string(w, "content_type",
	    picture_media_types[picture->form]);
	json_member_int(w, "content_length",
	    (int64_t)picture->content.length);
	json_end(w);
}

static struct problem *
save(struct call *c, void *state)
{
	const struct picture_key key = key_of(c);
	const struct picture *picture = state;
	struct problem *p;

	if ((p = check_object(c, &key)) != NULL ||
	    (p = store_picture_save(c->db, c->arena, &key, picture,
	    c->now)) != NULL)
		return p;
	if (c->request->method == METHOD_PUT)
		c->response->status = 201;
	describe(c, picture);
	return NULL;
}

/* The picture is read first: nobody waits for its place among changes, or for a
 * lock, meanwhile. */
struct problem *
pictures_save(struct call *c)
{
	const struct picture_key key = key_of(c);
	struct picture picture;
	struct object *object;
	struct problem *why = read_picture(c, &picture), *p;

	if (why == NULL)
		return commit_request(c, save, &picture);
	p = resource_find(c, kind_of_noun(key.noun), key.object_id, &object);
	return p != NULL ? p : why;
}

static struct problem *
delete(struct call *c, void *state)
{
	const struct picture_key key = key_of(c);
	struct problem *p = check_object(c, &key);

	(void)state;
	if (p != NULL)
		return p;
	p = store_picture_delete(c->db, c->arena, &key);
	if (p != NULL)
		return p->kind != PROBLEM_BAD_IDENTIFIER ? p :
		    problem_bad_identifier(c->arena, key.name);
	json_raw(&c->response->json, "{}", 2);
	return NULL;
}

struct problem *
pictures_delete(struct call *c)
{
	return commit_request(c, delete, NULL);
}
