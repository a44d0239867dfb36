// Making and reading certificates and revocation lists, over OpenSSL's macros and variadic functions that Swift cannot import.
#ifndef CHANCERY_OPENSSL_ISSUE_H
#define CHANCERY_OPENSSL_ISSUE_H

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdint.h>

// How far back what is signed begins to hold, seconds: the clocks of hosts differ.
#define CHANCERY_BACKDATED 3600

// ---- PEM ----

static inline EVP_PKEY *chancery_read_key(const void *bytes, int length) {
  BIO *bio = BIO_new_mem_buf(bytes, length);
  // The empty passphrase: nobody is asked for one.
  EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, NULL, (void *)"");
  BIO_free(bio);
  return key;
}
static inline X509 *chancery_read_certificate(const void *bytes, int length) {
  BIO *bio = BIO_new_mem_buf(bytes, length);
  X509 *certificate = bio == NULL ? NULL : PEM_read_bio_X509(bio, NULL, NULL, (void *)"");
  BIO_free(bio);
  return certificate;
}
static inline X509_CRL *chancery_read_list(const void *bytes, int length) {
  BIO *bio = BIO_new_mem_buf(bytes, length);
  X509_CRL *list = bio == NULL ? NULL : PEM_read_bio_X509_CRL(bio, NULL, NULL, (void *)"");
  BIO_free(bio);
  return list;
}

// Each gives a BIO that holds the PEM, to be freed with BIO_free; NULL when memory is out.
static inline BIO *chancery_key_pem(const EVP_PKEY *key) {
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1) return bio;
  BIO_free(bio);
  return NULL;
}
static inline BIO *chancery_certificate_pem(const X509 *certificate) {
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio != NULL && PEM_write_bio_X509(bio, certificate) == 1) return bio;
  BIO_free(bio);
  return NULL;
}
static inline BIO *chancery_list_pem(const X509_CRL *list) {
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio != NULL && PEM_write_bio_X509_CRL(bio, list) == 1) return bio;
  BIO_free(bio);
  return NULL;
}
static inline long chancery_bytes(BIO *bio, const unsigned char **bytes) { return BIO_get_mem_data(bio, (char **)bytes); }

// ---- Numbers and times ----

// A serial number in hexadecimal, to be freed with chancery_free.
static inline char *chancery_hex(const ASN1_INTEGER *number) {
  BIGNUM *value = ASN1_INTEGER_to_BN(number, NULL);
  char *text = value == NULL ? NULL : BN_bn2hex(value);
  BN_free(value);
  return text;
}
static inline ASN1_INTEGER *chancery_from_hex(const char *text) {
  BIGNUM *value = NULL;
  ASN1_INTEGER *number = BN_hex2bn(&value, text) == 0 ? NULL : BN_to_ASN1_INTEGER(value, NULL);
  BN_free(value);
  return number;
}
// Unix seconds; 0 when the time cannot be understood.
static inline int64_t chancery_unix(const ASN1_TIME *time) {
  int days = 0, seconds = 0;
  ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
  int is_known = epoch != NULL && time != NULL && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;
  ASN1_TIME_free(epoch);
  return is_known ? (int64_t)days * 86400 + seconds : 0;
}

// ---- Certificates ----

static inline EVP_PKEY *chancery_new_key(void) { return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256"); }

// A certificate of `key` without extensions, that ends at Unix time `end`, with a random serial number; `issuer` NULL = it is its own.
static inline X509 *chancery_new_certificate(EVP_PKEY *key, const char *name, const X509 *issuer, int64_t end) {
  X509 *made = X509_new();
  unsigned char serial[16];
  BIGNUM *number = NULL;
  int is_good = made != NULL && RAND_bytes(serial, sizeof(serial)) == 1;
  if (is_good) {
    serial[0] = (serial[0] & 0x7f) | 0x40;
    number = BN_bin2bn(serial, sizeof(serial), NULL);
    X509_NAME *subject = X509_get_subject_name(made);
    is_good = number != NULL && X509_set_version(made, X509_VERSION_3) == 1 &&
              BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made)) != NULL &&
              X509_gmtime_adj(X509_getm_notBefore(made), -CHANCERY_BACKDATED) != NULL &&
              ASN1_TIME_set(X509_getm_notAfter(made), (time_t)end) != NULL &&
              X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1 &&
              X509_set_issuer_name(made, issuer == NULL ? subject : X509_get_subject_name(issuer)) == 1 &&
              X509_set_pubkey(made, key) == 1;
  }
  BN_free(number);
  if (is_good) return made;
  X509_free(made);
  return NULL;
}

static inline int chancery_add_extension(X509 *made, X509 *issuer, int nid, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer == NULL ? made : issuer, made, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
  int is_good = extension != NULL && X509_add_ext(made, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return is_good;
}
static inline int chancery_sign(X509 *made, EVP_PKEY *key) { return X509_sign(made, key, EVP_sha256()) > 0; }

static inline int chancery_is_signed_by(X509 *certificate, X509 *issuer) {
  return X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(issuer)) == 0 &&
         X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
}

// Name `index` when it is a host: 1 a DNS name, 2 an IP address, whose bytes are given; else 0.
static inline int chancery_names_host(const GENERAL_NAMES *names, int index, const unsigned char **bytes, int *length) {
  const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
  if (name == NULL || (name->type != GEN_DNS && name->type != GEN_IPADD)) return 0;
  const ASN1_STRING *value = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
  *bytes = ASN1_STRING_get0_data(value);
  *length = ASN1_STRING_length(value);
  return name->type == GEN_DNS ? 1 : 2;
}
static inline int chancery_is_address(const char *text) {
  ASN1_OCTET_STRING *address = a2i_IPADDRESS(text);
  ASN1_OCTET_STRING_free(address);
  return address != NULL;
}

// ---- Revocation lists ----

// A list of `issuer` that holds as long as `issuer` does.
static inline X509_CRL *chancery_new_list(X509 *issuer, long number) {
  X509_CRL *list = X509_CRL_new();
  ASN1_TIME *begin = X509_gmtime_adj(NULL, -CHANCERY_BACKDATED);
  ASN1_INTEGER *count = ASN1_INTEGER_new();
  int is_good = list != NULL && begin != NULL && count != NULL && X509_CRL_set_version(list, X509_CRL_VERSION_2) == 1 &&
                X509_CRL_set_issuer_name(list, X509_get_subject_name(issuer)) == 1 &&
                X509_CRL_set1_lastUpdate(list, begin) == 1 && X509_CRL_set1_nextUpdate(list, X509_get0_notAfter(issuer)) == 1 &&
                ASN1_INTEGER_set(count, number) == 1 && X509_CRL_add1_ext_i2d(list, NID_crl_number, count, 0, 0) == 1;
  ASN1_TIME_free(begin);
  ASN1_INTEGER_free(count);
  if (is_good) return list;
  X509_CRL_free(list);
  return NULL;
}
static inline int chancery_list_add(X509_CRL *list, const char *serial, int64_t at) {
  X509_REVOKED *entry = X509_REVOKED_new();
  ASN1_INTEGER *number = chancery_from_hex(serial);
  ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)at);
  int is_good = entry != NULL && number != NULL && time != NULL && X509_REVOKED_set_serialNumber(entry, number) == 1 &&
                X509_REVOKED_set_revocationDate(entry, time) == 1 && X509_CRL_add0_revoked(list, entry) == 1;
  ASN1_INTEGER_free(number);
  ASN1_TIME_free(time);
  if (!is_good) X509_REVOKED_free(entry);
  return is_good;
}
static inline int chancery_list_sign(X509_CRL *list, EVP_PKEY *key) {
  return X509_CRL_sort(list) == 1 && X509_CRL_sign(list, key, EVP_sha256()) > 0;
}
static inline int chancery_list_is_signed_by(X509_CRL *list, X509 *issuer) { return X509_CRL_verify(list, X509_get0_pubkey(issuer)) == 1; }
static inline int chancery_list_count(X509_CRL *list) { return sk_X509_REVOKED_num(X509_CRL_get_REVOKED(list)); }
static inline const X509_REVOKED *chancery_list_entry(X509_CRL *list, int index) {
  return sk_X509_REVOKED_value(X509_CRL_get_REVOKED(list), index);
}
// 0 when it has none.
static inline long chancery_list_number(const X509_CRL *list) {
  ASN1_INTEGER *number = (ASN1_INTEGER *)X509_CRL_get_ext_d2i(list, NID_crl_number, NULL, NULL);
  long value = number == NULL ? 0 : ASN1_INTEGER_get(number);
  ASN1_INTEGER_free(number);
  return value;
}

#endif
