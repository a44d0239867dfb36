// OpenSSL's public headers, with functions for the macros that Swift cannot import.
#ifndef CHANCERY_OPENSSL_SHIM_H
#define CHANCERY_OPENSSL_SHIM_H

#include "issue.h"
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <openssl/tls1.h>
#include <stdint.h>
#include <string.h>

// ---- Macros of OpenSSL ----

static inline int chancery_only_tls13(SSL_CTX *context) {
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 && SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1;
}

static inline void chancery_no_session_cache(SSL_CTX *context) { SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF); }

// No renegotiation, no tickets, and a peer that ends a connection without close_notify is an error.
static inline uint64_t chancery_options(void) { return SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION; }

// A session that waits for bytes needs no memory for records, 34 KiB.
static inline void chancery_release_buffers(SSL_CTX *context) { SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS); }

static inline int chancery_reason(unsigned long code) { return ERR_GET_REASON(code); }

// The system's text for an error code that holds an errno, else NULL.
static inline const char *chancery_system_error(unsigned long code) {
  return ERR_SYSTEM_ERROR(code) ? strerror(ERR_GET_REASON(code)) : NULL;
}

static inline void chancery_free(void *memory) { OPENSSL_free(memory); }

// Checks the server's host name, or its IP address when `host` is one. 0 when it cannot be set.
static inline int chancery_check_host(SSL *ssl, const char *host) {
  X509_VERIFY_PARAM *parameters = SSL_get0_param(ssl);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host) == 1) return 1;
  ERR_clear_error();
  return X509_VERIFY_PARAM_set1_host(parameters, host, 0) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

// A certificate's common name in UTF-8; to be freed with chancery_free. Its length, less than 0 when it has none.
static inline int chancery_common_name(const X509 *certificate, unsigned char **text) {
  const X509_NAME *subject = X509_get_subject_name(certificate);
  int index = subject ? X509_NAME_get_index_by_NID((X509_NAME *)subject, NID_commonName, -1) : -1;
  ASN1_STRING *data = index < 0 ? NULL : X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
  return data ? ASN1_STRING_to_UTF8(text, data) : -1;
}

// A certificate's subject alternative names; to be freed with chancery_names_free.
static inline GENERAL_NAMES *chancery_alternative_names(const X509 *certificate) {
  return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}
static inline int chancery_names_count(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
static inline void chancery_names_free(GENERAL_NAMES *names) { GENERAL_NAMES_free(names); }

// The bytes of name `index` when it is a URI, else NULL.
static inline const unsigned char *chancery_names_uri(const GENERAL_NAMES *names, int index, int *length) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  if (name == NULL || name->type != GEN_URI) return NULL;
  *length = ASN1_STRING_length(name->d.uniformResourceIdentifier);
  return ASN1_STRING_get0_data(name->d.uniformResourceIdentifier);
}

// ---- Revocation, and certificates of peers that are connected ----

// Has the peers' certificates and those that signed them looked up in the revocation lists of the PEM file at `path`; there must be a list of every authority
// in the chain. 0 when there is none at all.
static inline int chancery_load_revocations(SSL_CTX *context, const char *path) {
  X509_STORE *store = SSL_CTX_get_cert_store(context);
  X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  if (lookup == NULL || X509_load_crl_file(lookup, path, X509_FILETYPE_PEM) < 1) return 0;
  return X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
}

// The certificates that the peer sent beside its own; to be freed with chancery_chain_free. NULL when there are none.
static inline STACK_OF(X509) *chancery_peer_chain(const SSL *ssl) {
  STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
  return chain == NULL ? NULL : X509_chain_up_ref(chain);
}
static inline void chancery_chain_free(STACK_OF(X509) *chain) { sk_X509_pop_free(chain, X509_free); }

// Checks a peer's certificate as a handshake with `context` would do it at Unix time `now`, `purpose` being "ssl_client" or "ssl_server". X509_V_OK or why not.
static inline int chancery_verify(SSL_CTX *context, X509 *certificate, STACK_OF(X509) *chain, const char *purpose,
                                  int64_t now) {
  X509_STORE_CTX *check = X509_STORE_CTX_new();
  int result = X509_V_ERR_OUT_OF_MEM;
  if (check != NULL && X509_STORE_CTX_init(check, SSL_CTX_get_cert_store(context), certificate, chain) == 1 &&
      X509_STORE_CTX_set_default(check, purpose) == 1) {
    X509_STORE_CTX_set_time(check, 0, (time_t)now);
    X509_STORE_CTX_set_depth(check, SSL_CTX_get_verify_depth(context));
    result = X509_verify_cert(check) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(check);
  }
  X509_STORE_CTX_free(check);
  ERR_clear_error();
  return result;
}

// When a certificate ends, Unix seconds; 0 when it states no time that can be understood.
static inline int64_t chancery_end(const X509 *certificate) { return chancery_unix(X509_get0_notAfter(certificate)); }

// ---- The application protocol (RFC 7301): a server takes chancery/1 and nothing else ----

#define CHANCERY_ALPN "\x0a" "chancery/1"

static int chancery_select_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_length, const unsigned char *in,
                                unsigned int in_length, void *unused) {
  (void)ssl;
  (void)unused;
  static const unsigned char ours[] = CHANCERY_ALPN;
  unsigned char *chosen = NULL;
  if (SSL_select_next_proto(&chosen, out_length, ours, sizeof(ours) - 1, in, in_length) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

// Refuses a client of TLS 1.3 that names no protocol at all, whom OpenSSL would not ask. Older ones are refused for their version.
static int chancery_require_alpn(SSL *ssl, int *alert, void *unused) {
  (void)unused;
  const unsigned char *bytes = NULL;
  size_t length = 0;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_supported_versions, &bytes, &length) != 1) return SSL_CLIENT_HELLO_SUCCESS;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_application_layer_protocol_negotiation, &bytes, &length) == 1)
    return SSL_CLIENT_HELLO_SUCCESS;
  *alert = SSL_AD_NO_APPLICATION_PROTOCOL;
  return SSL_CLIENT_HELLO_ERROR;
}

static inline void chancery_serve_alpn(SSL_CTX *context) {
  SSL_CTX_set_alpn_select_cb(context, chancery_select_alpn, NULL);
  SSL_CTX_set_client_hello_cb(context, chancery_require_alpn, NULL);
}
static inline int chancery_offer_alpn(SSL_CTX *context) {
  return SSL_CTX_set_alpn_protos(context, (const unsigned char *)CHANCERY_ALPN, sizeof(CHANCERY_ALPN) - 1) == 0;
}
static inline int chancery_has_alpn(const SSL *ssl) {
  const unsigned char *chosen = NULL;
  unsigned int length = 0;
  SSL_get0_alpn_selected(ssl, &chosen, &length);
  return length == sizeof(CHANCERY_ALPN) - 2 && memcmp(chosen, CHANCERY_ALPN + 1, length) == 0;
}

// ---- A memory BIO over memory that the caller lends for one call ----
// OpenSSL's own BIO_s_mem owns its memory, so that every record is copied in and out once more. This one reads from and writes to
// the caller's buffers. When the room for output is used up it asks to be called again, and the caller lends more.

typedef struct {
  const unsigned char *in;
  size_t in_left;
  unsigned char *out;
  size_t out_used;
  size_t out_room;
} chancery_memory;

static int chancery_bio_read(BIO *bio, char *into, size_t room, size_t *taken) {
  chancery_memory *memory = (chancery_memory *)BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  *taken = 0;
  if (memory->in_left == 0) {
    BIO_set_retry_read(bio);
    return 0;
  }
  size_t count = room < memory->in_left ? room : memory->in_left;
  memcpy(into, memory->in, count);
  memory->in += count;
  memory->in_left -= count;
  *taken = count;
  return 1;
}

static int chancery_bio_write(BIO *bio, const char *from, size_t count, size_t *written) {
  chancery_memory *memory = (chancery_memory *)BIO_get_data(bio);
  BIO_clear_retry_flags(bio);
  size_t room = memory->out_room - memory->out_used;
  *written = 0;
  if (room == 0) {
    BIO_set_retry_write(bio);
    return 0;
  }
  if (count > room) count = room;
  memcpy(memory->out + memory->out_used, from, count);
  memory->out_used += count;
  *written = count;
  return 1;
}

static long chancery_bio_control(BIO *bio, int command, long number, void *pointer) {
  (void)bio;
  (void)number;
  (void)pointer;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// The kind of BIO, made once for the whole process; NULL when memory is out.
static inline BIO_METHOD *chancery_memory_method(void) {
  BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "lent memory");
  if (method == NULL) return NULL;
  BIO_meth_set_read_ex(method, chancery_bio_read);
  BIO_meth_set_write_ex(method, chancery_bio_write);
  BIO_meth_set_ctrl(method, chancery_bio_control);
  return method;
}

// Gives `ssl` a BIO over `memory`, which must outlive it. 0 when memory is out.
static inline int chancery_attach(SSL *ssl, const BIO_METHOD *method, chancery_memory *memory) {
  BIO *bio = BIO_new(method);
  if (bio == NULL) return 0;
  BIO_set_data(bio, memory);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);
  return 1;
}

#endif
