// TLS for the HTTP listener: certificate and key come from files, which are read again when they
// change. An invalid new pair leaves the old one in force.
#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "ledger/base/error.h"

namespace suyuan::http {

struct TlsFiles {
  std::string cert;  // PEM, the server's certificate first, then the chain up to the root
  std::string key;   // PEM, without passphrase
  // PEM, authorities: only clients with one of their certificates are served. Empty: all clients
  // are.
  std::string client_ca = {};
};

// Only TLS 1.2 and 1.3, only ciphers with forward secrecy, ALPN http/1.1. Single-threaded.
class TlsIdentity {
 public:
  // Errors: INVALID_FIELD (no certificate, no key, or the two do not match), NOT_FOUND, IO.
  static Result<std::unique_ptr<TlsIdentity>> load(const TlsFiles& files);

  // Returns the context for a new connection, which keeps the one it began with.
  std::shared_ptr<boost::asio::ssl::context> context() const { return context_; }
  // Reads the files again if one has changed, or in any case. Returns true if a new pair is in
  // force. An error leaves the old one.
  Result<bool> reload(bool in_any_case);
  // seconds since 1970: when the certificate expires
  int64_t not_after_s() const { return not_after_s_; }

 private:
  using Context = std::shared_ptr<boost::asio::ssl::context>;
  explicit TlsIdentity(TlsFiles files) : files_(std::move(files)) {}
  Result<Done> read();

  const TlsFiles files_;
  Context context_;
  std::string seen_;  // the files' state when they were read
  std::atomic<int64_t> not_after_s_ = 0;
};

// Outcomes of connections and certificates. Any thread may read.
struct TlsCounts {
  std::atomic<uint64_t> shaken = 0;   // finished handshakes
  std::atomic<uint64_t> failed = 0;   // aborted: other versions, garbage, too slow
  std::atomic<uint64_t> crowded = 0;  // closed at once: too many handshakes in progress
  std::atomic<uint64_t> reloaded = 0;
  std::atomic<uint64_t> not_reloaded = 0;
};

}  // namespace suyuan::http
