#include "node/http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <boost/asio/buffer.hpp>

#include "ledger/crypto/ed25519.h"
#include "ledger/os/named_file.h"

namespace suyuan::http {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

constexpr size_t kPemBytesMax = 256 << 10;
constexpr char kCiphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

// Length and letters, as ALPN requires.
constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned int in_size, void*) {
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, kHttp11, sizeof(kHttp11), in, in_size);
  *out = chosen;
  // RFC 7301 3.2: tells a client that supports only other protocols.
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Returns a value that differs once the file is replaced or written, by any tool.
std::string look_of(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return "absent";
  return std::to_string(about.st_ino) + "," + std::to_string(about.st_size) + "," +
         std::to_string(about.st_mtim.tv_sec) + "," + std::to_string(about.st_mtim.tv_nsec);
}

std::string look_of_all(const TlsFiles& files) {
  return look_of(files.cert) + ";" + look_of(files.key) + ";" + look_of(files.client_ca);
}

Unexpected<Error> refuse(const std::string& path, const std::string& why, const char* option) {
  return fail(Code::INVALID_FIELD, path + ": " + why, option);
}

Result<Done> harden(ssl::context& context) {
  SSL_CTX* native = context.native_handle();
  const bool done = SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1 &&
                    SSL_CTX_set_max_proto_version(native, TLS1_3_VERSION) == 1 &&
                    SSL_CTX_set_cipher_list(native, kCiphers) == 1;
  if (!done) return fail(Code::IO, "this machine's OpenSSL does not support TLS 1.2 and 1.3");
  // No session resumption: a handshake is cheap, and a ticket's key would outlive it.
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET |
                                  SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(native, 0);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  return Done{};
}

// Clients without a certificate of these authorities fail the handshake.
Result<Done> ask_for_certificates(ssl::context& context, const std::string& path) {
  SUYUAN_TRY(authorities, read_named_pem(path, kPemBytesMax, "--tls-client-ca"));
  error_code error;
  context.add_certificate_authority(boost::asio::buffer(authorities), error);
  if (error) return refuse(path, "no PEM certificate: " + error.message(), "--tls-client-ca");
  context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
  if (error) return fail(Code::IO, "this machine's OpenSSL cannot ask clients for certificates");
  return Done{};
}

// The context has the certificate. The key's text is wiped once OpenSSL has taken the key from it.
Result<Done> use_key(ssl::context& context, const TlsFiles& files) {
  SUYUAN_TRY(key, read_named_secret(files.key, kPemBytesMax, "--tls-key"));
  error_code error;
  context.use_private_key(boost::asio::buffer(key), ssl::context::pem, error);
  wipe(key);
  const int reason = ERR_GET_REASON(static_cast<unsigned long>(error.value()));
  const bool other_pair = error && (reason == X509_R_KEY_VALUES_MISMATCH ||
                                    reason == X509_R_KEY_TYPE_MISMATCH);
  if (error && !other_pair) {
    return refuse(files.key, "no PEM key without passphrase: " + error.message(), "--tls-key");
  }
  if (other_pair || SSL_CTX_check_private_key(context.native_handle()) != 1) {
    return refuse(files.key, "this key is not that of the certificate in " + files.cert,
                  "--tls-key");
  }
  return Done{};
}

int64_t end_of_certificate(SSL_CTX* context) {
  const X509* certificate = SSL_CTX_get0_certificate(context);
  int days = 0;
  int seconds = 0;
  ASN1_TIME* start = ASN1_TIME_adj(nullptr, 0, 0, 0);
  const int known = certificate == nullptr || start == nullptr
                        ? 0
                        : ASN1_TIME_diff(&days, &seconds, start, X509_get0_notAfter(certificate));
  ASN1_TIME_free(start);
  return known == 1 ? int64_t{days} * 86'400 + seconds : 0;
}

}  // namespace

Result<std::unique_ptr<TlsIdentity>> TlsIdentity::load(const TlsFiles& files) {
  if (files.cert.empty() || files.key.empty()) {
    return fail(Code::INVALID_FIELD, "a certificate needs its key, and a key its certificate",
                files.cert.empty() ? "--tls-cert" : "--tls-key");
  }
  std::unique_ptr<TlsIdentity> identity(new TlsIdentity(files));
  SUYUAN_TRY_DONE(identity->read());
  return identity;
}

Result<Done> TlsIdentity::read() {
  // Taken before the files are read: a change in between is seen the next time.
  const std::string seen = look_of_all(files_);
  SUYUAN_TRY(cert, read_named_file(files_.cert, kPemBytesMax, "--tls-cert"));
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SUYUAN_TRY_DONE(harden(*context));
  error_code error;
  // Never prompts on a terminal.
  context->set_password_callback([](size_t, ssl::context::password_purpose) { return ""; }, error);
  context->use_certificate_chain(boost::asio::buffer(cert), error);
  if (error) return refuse(files_.cert, "no PEM certificate: " + error.message(), "--tls-cert");
  SUYUAN_TRY_DONE(use_key(*context, files_));
  if (!files_.client_ca.empty()) {
    SUYUAN_TRY_DONE(ask_for_certificates(*context, files_.client_ca));
  }
  not_after_s_ = end_of_certificate(context->native_handle());
  context_ = std::move(context);
  seen_ = seen;
  return Done{};
}

Result<bool> TlsIdentity::reload(bool in_any_case) {
  const std::string now = look_of_all(files_);
  if (!in_any_case && now == seen_) return false;
  auto read_again = read();
  // An invalid pair is reported once, not at each look.
  if (!read_again) seen_ = now;
  if (!read_again) return Unexpected(std::move(read_again).error());
  return true;
}

}  // namespace suyuan::http
