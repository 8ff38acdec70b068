/* blowfish -- Schneier's block cipher, with the costly key schedule of bcrypt.
 *
 * Internal to this folder. B. Schneier, "Description of a New Variable-Length Key, 64-Bit Block
 * Cipher", 1993; N. Provos and D. Mazières, "A Future-Adaptable Password Scheme", 1999. Its table
 * look-ups depend on secrets, as bcrypt's design has it: use it for nothing but kdf.
 */
#pragma once
#include "base.h"

enum { BLOWFISH_ROUNDS = 16 };

struct blowfish {
	uint32_t p[BLOWFISH_ROUNDS + 2];
	uint32_t s[4][256];
};

extern const struct blowfish blowfish_pi; /* where every key schedule begins */

/* Mixes the key into the state. The salt is mixed into the chain of blocks; with salt.n == 0 there
 * is none. Both are used again from their start when they end. */
void blowfish_expand(struct blowfish *b, struct slice salt, struct slice key);

/* Encrypts one block of two words. */
void blowfish_encrypt(const struct blowfish *b, uint32_t block[static 2]);
