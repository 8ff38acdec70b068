#include "ssh_args.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

enum flag_kind {
	FLAG_KEYWORD, /* sets keyword to value */
	FLAG_VALUE,   /* sets keyword to its argument */
	FLAG_OPTION,  /* -o */
	FLAG_OWN,     /* see take_own() */
	FLAG_REFUSED, /* value says why */
	FLAG_REFUSED_ARG,
};

struct flag {
	char letter;
	enum flag_kind kind;
	const char *keyword, *value;
};

static const struct flag flags[] = {
	{ '4', FLAG_KEYWORD, "AddressFamily", "inet" },
	{ '6', FLAG_KEYWORD, "AddressFamily", "inet6" },
	{ 'a', FLAG_KEYWORD, "ForwardAgent", "no" },
	{ 'b', FLAG_VALUE, "BindAddress", NULL },
	{ 'B', FLAG_VALUE, "BindInterface", NULL },
	{ 'c', FLAG_VALUE, "Ciphers", NULL },
	{ 'D', FLAG_VALUE, "DynamicForward", NULL },
	{ 'f', FLAG_KEYWORD, "ForkAfterAuthentication", "yes" },
	{ 'g', FLAG_KEYWORD, "GatewayPorts", "yes" },
	{ 'i', FLAG_VALUE, "IdentityFile", NULL },
	{ 'J', FLAG_VALUE, "ProxyJump", NULL },
	{ 'k', FLAG_KEYWORD, "GSSAPIDelegateCredentials", "no" },
	{ 'l', FLAG_VALUE, "User", NULL },
	{ 'L', FLAG_VALUE, "LocalForward", NULL },
	{ 'm', FLAG_VALUE, "MACs", NULL },
	{ 'n', FLAG_KEYWORD, "StdinNull", "yes" },
	{ 'o', FLAG_OPTION, NULL, NULL },
	{ 'p', FLAG_VALUE, "Port", NULL },
	{ 'P', FLAG_VALUE, "Tag", NULL },
	{ 'q', FLAG_KEYWORD, "LogLevel", "quiet" },
	{ 'R', FLAG_VALUE, "RemoteForward", NULL },
	{ 'T', FLAG_KEYWORD, "RequestTTY", "no" },
	{ 'x', FLAG_KEYWORD, "ForwardX11", "no" },
	{ 'E', FLAG_OWN, "", NULL },
	{ 'F', FLAG_OWN, "", NULL },
	{ 'W', FLAG_OWN, "", NULL },
	{ 'G', FLAG_OWN, NULL, NULL },
	{ 'N', FLAG_OWN, NULL, NULL },
	{ 'v', FLAG_OWN, NULL, NULL },
	{ 'V', FLAG_OWN, NULL, NULL },
	{ 'A', FLAG_REFUSED, NULL, "agent forwarding is not built yet" },
	{ 'C', FLAG_REFUSED, NULL, "compression is not built yet" },
	{ 'K', FLAG_REFUSED, NULL, "GSSAPI is not built" },
	{ 'M', FLAG_REFUSED, NULL, "sharing a connection is not built yet" },
	{ 's', FLAG_REFUSED, NULL, "subsystems are not built yet" },
	{ 't', FLAG_REFUSED, NULL, "terminals are not built yet" },
	{ 'X', FLAG_REFUSED, NULL, "X11 forwarding is not built" },
	{ 'y', FLAG_REFUSED, NULL, "logging to syslog is not built yet; -E writes to a file" },
	{ 'Y', FLAG_REFUSED, NULL, "X11 forwarding is not built" },
	{ 'e', FLAG_REFUSED_ARG, NULL,
	  "escape characters need a terminal, which is not built yet" },
	{ 'I', FLAG_REFUSED_ARG, NULL, "PKCS#11 keys are not built yet" },
	{ 'O', FLAG_REFUSED_ARG, NULL, "sharing a connection is not built yet" },
	{ 'Q', FLAG_REFUSED_ARG, NULL, "listing algorithms is not built yet" },
	{ 'S', FLAG_REFUSED_ARG, NULL, "sharing a connection is not built yet" },
	{ 'w', FLAG_REFUSED_ARG, NULL, "tunnel devices are not built" },
};

static const struct flag *find(char letter)
{
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (flags[i].letter == letter)
			return &flags[i];
	return NULL;
}

static bool takes_argument(const struct flag *f)
{
	return f->kind == FLAG_VALUE || f->kind == FLAG_OPTION || f->kind == FLAG_REFUSED_ARG ||
	       (f->kind == FLAG_OWN && f->keyword != NULL);
}

static enum err take_own(struct ssh_args *a, const struct config_env *env, char letter,
                         const char *value, struct config_errors *errs)
{
	switch (letter) {
	case 'E': a->log_file = value; break;
	case 'F': a->config_file = value; break;
	case 'G': a->dump = true; break;
	case 'v': a->verbose++; break;
	case 'V': a->version = true; break;
	case 'W':
		a->stdio = value;
		a->o.stdio_forward = true;
		break;
	case 'N':
		a->forwards_nothing = true;
		return ssh_options_put(&a->o, env, "SessionType", "none", errs);
	default: break;
	}
	return ERR_OK;
}

static enum err take(struct ssh_args *a, const struct config_env *env, const struct flag *f,
                     const char *value, struct config_errors *errs)
{
	switch (f->kind) {
	case FLAG_KEYWORD: return ssh_options_put(&a->o, env, f->keyword, f->value, errs);
	case FLAG_VALUE: return ssh_options_put(&a->o, env, f->keyword, value, errs);
	case FLAG_OPTION: return ssh_options_set(&a->o, env, value, errs);
	case FLAG_OWN: return take_own(a, env, f->letter, value, errs);
	case FLAG_REFUSED:
	case FLAG_REFUSED_ARG:
		config_error_add(errs, NULL, 0, "-%c is refused: %s; use ssh for that", f->letter,
		                 f->value);
		return ERR_PROTO;
	}
	return ERR_PROTO;
}

/* One word of letters, such as "-NfL8080:a:80" or "-p" with the next word. *used: words taken. */
static enum err take_word(struct ssh_args *a, int argc, char **argv, const struct config_env *env,
                          struct config_errors *errs, int *used)
{
	char shown[16];
	enum err e = ERR_OK;

	*used = 1;
	for (const char *p = argv[0] + 1; *p != '\0'; p++) {
		const struct flag *f = find(*p);
		const char *value = NULL;

		if (f == NULL) {
			config_error_add(errs, NULL, 0,
			                 "there is no option -%s; see `ginnel help ssh`",
			                 text_clean((struct slice) { (const uint8_t *)p, 1 }, shown,
			                            sizeof shown));
			return ERR_PROTO;
		}
		if (takes_argument(f)) {
			value = p[1] != '\0' ? p + 1 : argc > 1 ? argv[1] : NULL;
			*used = p[1] != '\0' ? 1 : 2;
		}
		if (takes_argument(f) && value == NULL) {
			config_error_add(errs, NULL, 0, "option -%c needs an argument", *p);
			return ERR_PROTO;
		}
		e = take(a, env, f, value, errs);
		if (e != ERR_OK || value != NULL)
			return e;
	}
	return e;
}

static enum err take_destination(struct ssh_args *a, const char *word, struct config_errors *errs)
{
	enum err e = destination_parse_arg(&a->dest, word);
	char shown[200];

	if (e == ERR_PROTO)
		config_error_add(
		    errs, NULL, 0,
		    "'%s' is no destination; it is [user@]host or ssh://[user@]host[:port]",
		    text_clean(slice_of(word), shown, sizeof shown));
	return e;
}

/* As with ssh, options may also stand behind the destination, up to the command. */
enum err ssh_args_read(struct ssh_args *a, int argc, char **argv, const struct config_env *env,
                       struct config_errors *errs)
{
	enum err e = ERR_OK;
	int used;

	*a = (struct ssh_args) { 0 };
	ssh_options_init(&a->o);
	for (int i = 1; i < argc; i += used) {
		const char *word = argv[i];

		used = 1;
		if (strcmp(word, "--") == 0 && a->dest.host == NULL)
			continue;
		if (word[0] == '-' && word[1] != '\0' &&
		    (i < 2 || strcmp(argv[i - 1], "--") != 0)) {
			if (word[1] == '-') {
				config_error_add(
				    errs, NULL, 0,
				    "long options are not known here; see `ginnel help ssh`");
				return ERR_PROTO;
			}
			e = take_word(a, argc - i, argv + i, env, errs, &used);
		} else if (a->dest.host == NULL) {
			e = take_destination(a, word, errs);
		} else {
			a->command = argv + i;
			a->command_n = argc - i;
			break;
		}
		if (e != ERR_OK)
			return e;
	}
	if (a->version)
		return ERR_OK;
	return a->dest.host == NULL ? ERR_NONE : ssh_options_destination(&a->o, &a->dest);
}

void ssh_args_finish(struct ssh_args *a)
{
	ssh_options_finish(&a->o);
	destination_finish(&a->dest);
}
