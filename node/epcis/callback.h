// One report to a subscriber's callback: an HTTP POST, signed where the subscriber gave a secret.
#pragma once

#include <boost/asio/io_context.hpp>
#include <mutex>
#include <set>
#include <string>

#include "node/epcis/webhook.h"

namespace suyuan::epcis {

struct Report {
  Destination to;
  std::string body;       // an EPCISQueryDocument
  std::string secret;     // signatureToken; empty: unsigned
  bool loopback = false;  // addresses of this machine are taken
};
// "sha256=<hex of HMAC-SHA-256 of the body>": the header GS1-Signature.
std::string signature_of(const std::string& secret, const std::string& body);

// Sends reports, each on its caller's thread, until it is stopped.
class Sender {
 public:
  // Waits, at most ten seconds. UNAVAILABLE: no answer, or none of 2xx. STOPPING: stop() was called
  // before there was one; whether the report arrived is not known.
  Result<Done> send(const Report& report);
  // From any thread: who waits for an answer waits no longer.
  void stop();

 private:
  std::mutex mutex_;  // guards the two below, for as long as it takes to change them
  bool stopped_ = false;
  std::set<boost::asio::io_context*> under_way_;
};

}  // namespace suyuan::epcis
