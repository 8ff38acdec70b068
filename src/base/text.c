#include "text.h"

#include <string.h>
#include <strings.h>

size_t text_utf8(const uint8_t *p, size_t n, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len;

	if (n == 0)
		return 0;
	if (p[0] < 0x80) {
		*code = p[0];
		return 1;
	}
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len > n)
		return 0;
	*code = p[0] & (0xffU >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (p[i] & 0x3f);
	}
	if (*code < least[len] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return len;
}

/* C0, DEL, C1, zero-width and bidirectional controls, line and paragraph separators, the byte
 * order mark, interlinear and tag characters. */
bool text_safe(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} bad[] = {
		{ 0, 0x1f },        { 0x7f, 0x9f },     { 0xad, 0xad },       { 0x61c, 0x61c },
		{ 0x180e, 0x180e }, { 0x200b, 0x200f }, { 0x2028, 0x202e },   { 0x2060, 0x206f },
		{ 0xfeff, 0xfeff }, { 0xfff0, 0xfffb }, { 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (c >= bad[i].from && c <= bad[i].to)
			return false;
	return true;
}

/* Writes how p[0..n) is shown to out, which holds 16 bytes; gives the bytes written, and in *used
 * how many of p they stand for. */
static size_t clean_one(const uint8_t *p, size_t n, char *out, size_t *used)
{
	static const char hex[] = "0123456789abcdef";
	uint32_t code = 0;
	size_t len = text_utf8(p, n, &code);

	*used = len > 0 ? len : 1;
	if (code == '\\' && len == 1) {
		memcpy(out, "\\\\", 2);
		return 2;
	}
	if (len > 0 && text_safe(code)) {
		memcpy(out, p, len);
		return len;
	}
	for (size_t i = 0; i < *used; i++)
		memcpy(out + 4 * i, (char[4]) { '\\', 'x', hex[p[i] >> 4], hex[p[i] & 15] }, 4);
	return 4 * *used;
}

char *text_clean(struct slice from, char *dst, size_t size)
{
	char piece[16];
	size_t at = 0, used, n;

	for (size_t i = 0; i < from.n; i += used) {
		n = clean_one(from.p + i, from.n - i, piece, &used);
		if (at + n + (i + used < from.n ? 4 : 1) > size) {
			memcpy(dst + at, "...", 3);
			at += 3;
			break;
		}
		memcpy(dst + at, piece, n);
		at += n;
	}
	dst[at] = '\0';
	return dst;
}

enum { NEAR_MAX = 64 }; /* longest name compared, bytes */

static size_t least_of(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein's distance, letters of either case alike. */
static size_t distance(const char *a, const char *b)
{
	size_t row[NEAR_MAX + 1], la = strlen(a), lb = strlen(b), diagonal, above;

	if (la > NEAR_MAX || lb > NEAR_MAX)
		return NEAR_MAX;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; i <= la; i++) {
		diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			above = row[j];
			row[j] = least_of(above + 1, row[j - 1] + 1,
			                  diagonal + (strncasecmp(a + i - 1, b + j - 1, 1) != 0));
			diagonal = above;
		}
	}
	return row[lb];
}

const char *text_nearest(const char *word, const char *const *names, size_t n)
{
	size_t best = strlen(word) / 3 + 1, d;
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		d = distance(word, names[i]);
		if (d <= best && (found == NULL || d < best)) {
			best = d;
			found = names[i];
		}
	}
	return found;
}
