// One report to a subscriber's callback: an HTTP POST, signed where the subscriber gave a secret.
#pragma once

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
// Waits, at most ten seconds. UNAVAILABLE: no answer, or none of 2xx.
Result<Done> send(const Report& report);

}  // namespace suyuan::epcis
