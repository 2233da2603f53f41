// TLS of a connection to a node, by KJ's own adapter. Includes kj: for connection.cc.
#pragma once

#include <kj/compat/tls.h>

#include <string>

#include "client/connection.h"

namespace suyuan {

// What stands behind "tls://", or the whole: host:port. INVALID_FIELD: files of TLS are named, and
// the address is of a plain connection.
Result<std::string> address_of(const ConnectionOptions& options);
// The name that the node's certificate must have.
std::string tls_name_of(const ConnectionOptions& options);
// TLS 1.2 and 1.3; the node's certificate must come from options.ca, or from the system's
// authorities. INVALID_FIELD, NOT_FOUND, IO.
Result<kj::Own<kj::TlsContext>> make_tls(const ConnectionOptions& options);

}  // namespace suyuan
