// TLS for the HTTP listener: certificate and key from files, read again when they change. A bad new
// pair leaves the old one in force.
#pragma once

#include <atomic>
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "ledger/base/error.h"

namespace suyuan::http {

struct TlsFiles {
  std::string cert;  // PEM, the server's certificate first, then those up to the root
  std::string key;   // PEM, without passphrase
  // PEM, authorities: only clients with a certificate of theirs are served. Empty: all clients are.
  std::string client_ca = {};
};

// TLS 1.2 and 1.3 alone, ciphers with forward secrecy alone, ALPN http/1.1. One thread.
class TlsIdentity {
 public:
  // INVALID_FIELD: no certificate, no key, or of two different pairs; NOT_FOUND, IO.
  static Result<std::unique_ptr<TlsIdentity>> load(const TlsFiles& files);

  // For a new connection, which keeps what it began with.
  std::shared_ptr<boost::asio::ssl::context> context() const { return context_; }
  // Reads the files again where one of them has changed since, or in any case. True: a new pair is
  // in force. An error leaves the old one.
  Result<bool> reload(bool in_any_case);
  int64_t not_after_s() const { return not_after_s_; }  // since 1970: when the certificate ends

 private:
  using Context = std::shared_ptr<boost::asio::ssl::context>;
  explicit TlsIdentity(TlsFiles files) : files_(std::move(files)) {}
  Result<Done> read();

  const TlsFiles files_;
  Context context_;
  std::string seen_;  // what the files looked like when they were read
  std::atomic<int64_t> not_after_s_ = 0;
};

// What became of connections and certificates; any thread reads.
struct TlsCounts {
  std::atomic<uint64_t> shaken = 0;     // handshakes that were finished
  std::atomic<uint64_t> failed = 0;     // broken off: other versions, garbage, too slow
  std::atomic<uint64_t> crowded = 0;    // closed at once: too many handshakes in flight
  std::atomic<uint64_t> reloaded = 0;
  std::atomic<uint64_t> not_reloaded = 0;
};

}  // namespace suyuan::http
