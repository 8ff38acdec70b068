#include "permit.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool one_allows(const char *word, const char *host, uint16_t port)
{
	const char *colon = strrchr(word, ':');
	char number[8];
	size_t n;

	if (colon == NULL)
		return false;
	n = (size_t)(colon - word);
	if (n >= 2 && word[0] == '[' && word[n - 1] == ']') {
		word++;
		n -= 2;
	}
	if (!(n == 1 && word[0] == '*') && (strlen(host) != n || strncasecmp(word, host, n) != 0))
		return false;
	snprintf(number, sizeof number, "%u", port);
	return strcmp(colon + 1, "*") == 0 || strcmp(colon + 1, number) == 0;
}

bool permit_allows(const struct words *words, const char *host, uint16_t port)
{
	if (words->n == 0 || strcmp(words->v[0], "any") == 0)
		return true;
	for (size_t i = 0; i < words->n; i++)
		if (strcmp(words->v[i], "none") != 0 && one_allows(words->v[i], host, port))
			return true;
	return false;
}
