// The GS1 Digital Link resolver: a code's own web address answers with the consumer's page, its
// provenance, its bundle, or the list of all of them. docs/resolver.md.
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

struct ResolverOptions {
  // "https://trace.example": the node's public address, for links that name a host. Empty: the
  // request's Host header is used.
  std::string public_url = {};
  // There is an EPCIS query interface at /epcis.
  bool epcis = false;
};

// Adds GET and OPTIONS /<key>/... for every primary key, and GET /.well-known/gs1resolver.
void add_resolver(Router& router, Service& service, const ResolverOptions& options);

// Accepts "https://host" or "http://host:port", without a slash at the end.
// Errors: INVALID_FIELD.
Result<Done> check_public_url(const std::string& url);

}  // namespace suyuan::http
