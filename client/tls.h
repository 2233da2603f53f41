// TLS of a connection to a node, with KJ's adapter. Includes kj headers, so only connection.cc may
// include it.
#pragma once

#include <kj/compat/tls.h>

#include <string>

#include "client/connection.h"

namespace suyuan {

// Returns host:port: the part after "tls://", or the whole address.
// Errors: INVALID_FIELD (TLS files are named, but the address is of a plain connection).
Result<std::string> address_of(const ConnectionOptions& options);
// Returns the name that the node's certificate must have.
std::string tls_name_of(const ConnectionOptions& options);
// TLS 1.2 and 1.3. The node's certificate must be issued by options.ca, or by the system's
// authorities.
// Errors: INVALID_FIELD, NOT_FOUND, IO.
Result<kj::Own<kj::TlsContext>> make_tls(const ConnectionOptions& options);

}  // namespace suyuan
