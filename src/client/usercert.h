/* usercert -- user certificates: CertificateFile, and KEY-cert.pub beside a key.
 *
 * Each goes into the list of identities before the key it is for, so that it is offered first.
 */
#pragma once
#include "identity.h"

/* Looks for the certificate beside key's file. */
void usercert_beside(struct identity *key);

/* Adds the configured ones whose key is in the list. Tells the person of those that cannot be used. */
void usercert_configured(const struct host *host, struct list *all);
