/* aead_ops -- what the ways of protecting a packet have in common, and how each is made.
 *
 * Internal to this folder. Each way is a struct that begins with a struct aead; aead.c knows the
 * names and calls through the table.
 */
#pragma once
#include "aead.h"
#include "hash.h"

struct aead_ops {
	enum err (*seal)(struct aead *a, uint32_t seq, uint8_t *p, size_t n);
	enum err (*length)(struct aead *a, uint32_t seq, const uint8_t *p, uint32_t *length);
	enum err (*open)(struct aead *a, uint32_t seq, uint8_t *p, size_t n);
	void (*free)(struct aead *a);
};

struct aead {
	const struct aead_ops *ops;
	size_t block, tag, head;
	bool length_apart;
};

struct aead_mac {
	const char *name;
	enum hash_alg hash;
	bool etm; /* the MAC covers the ciphertext, and the length is in clear */
};

struct aead_setup {
	const char *evp; /* the library's name of the cipher */
	const struct aead_mac *mac;
	enum aead_way way;
	const uint8_t *key, *iv, *mac_key;
};

/* NULL: out of memory, or the library refuses. */
struct aead *aead_gcm_new(const struct aead_setup *s);
struct aead *aead_chacha_new(const struct aead_setup *s);
struct aead *aead_ctr_new(const struct aead_setup *s);

/* For a way whose length field is in clear: reads it. */
enum err aead_length_clear(struct aead *a, uint32_t seq, const uint8_t *p, uint32_t *length);
