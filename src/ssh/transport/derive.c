#include "derive.h"

#include <string.h>

#include "buf.h"

enum { KEY_MAX = 64 }; /* bytes of the longest key */

/* K1 = HASH(K || H || letter || session_id), Kn = HASH(K || H || K1 || ... || Kn-1). */
static enum err derive(const struct derive *d, char letter, uint8_t *out, size_t n)
{
	struct buf b = BUF_EMPTY, key = BUF_EMPTY;
	uint8_t *at;
	enum err e = ERR_OK;

	while (e == ERR_OK && key.n < n) {
		buf_clear(&b);
		buf_bytes(&b, d->secret);
		buf_bytes(&b, d->hash);
		if (key.n == 0) {
			buf_u8(&b, (uint8_t)letter);
			buf_bytes(&b, d->session_id);
		} else {
			buf_bytes(&b, buf_slice(&key));
		}
		at = buf_grow(&key, hash_len(d->alg));
		e = at == NULL ? buf_err(&key) : buf_err(&b);
		if (e == ERR_OK)
			e = hash_once(d->alg, buf_slice(&b), at);
	}
	if (e == ERR_OK && n > 0)
		memcpy(out, key.p, n);
	buf_finish(&b);
	buf_finish(&key);
	return e;
}

enum err derive_aead(const struct derive *d, bool client_to_server, enum aead_way way,
                     struct slice cipher, struct slice mac, struct aead **out)
{
	const char *letters = client_to_server ? "ACE" : "BDF";
	uint8_t iv[KEY_MAX], key[KEY_MAX], mac_key[KEY_MAX];
	struct aead_need need;
	enum err e = aead_needs(cipher, mac, &need);

	if (e == ERR_OK && (need.iv > KEY_MAX || need.key > KEY_MAX || need.mac > KEY_MAX))
		e = ERR_LIMIT;
	if (e == ERR_OK)
		e = derive(d, letters[0], iv, need.iv);
	if (e == ERR_OK)
		e = derive(d, letters[1], key, need.key);
	if (e == ERR_OK)
		e = derive(d, letters[2], mac_key, need.mac);
	if (e == ERR_OK) {
		*out = aead_new(cipher, mac, way, key, iv, mac_key);
		e = *out == NULL ? ERR_CRYPTO : ERR_OK;
	}
	wipe(iv, sizeof iv);
	wipe(key, sizeof key);
	wipe(mac_key, sizeof mac_key);
	return e;
}
