/* text -- makes bytes from a peer or a file safe to show to a person.
 *
 * Control bytes, DEL, bytes that are not UTF-8, bidirectional and zero-width characters become
 * \xNN escapes, and a backslash becomes \\, so the text can be told back from what is shown. One
 * event stays one line, and no terminal obeys it.
 */
#pragma once
#include "base.h"

/* Writes the clean form of from to dst, always with a final NUL, cut to size - 1 bytes with "..."
 * where it does not fit. Returns dst. size >= 8. */
char *text_clean(struct slice from, char *dst, size_t size);

/* The bytes of the UTF-8 character at p (1 to 4), or 0 when there is none in n bytes. *code is its
 * number. Overlong forms, surrogates and numbers over U+10FFFF are refused (RFC 3629). */
size_t text_utf8(const uint8_t *p, size_t n, uint32_t *code);

/* Whether a terminal may be shown this character as it is. */
bool text_safe(uint32_t code);

/* The name in names[0..n) that is nearest to word, or NULL when none is near: for "did you mean". */
const char *text_nearest(const char *word, const char *const *names, size_t n);
