// Compresses large answers for clients that take gzip (RFC 9110 8.4.1).
#pragma once

#include "node/http/http.h"

namespace suyuan::http {

// Returns a reply that compresses a successful answer of 1,400 bytes to 16 MiB if the request
// accepts gzip. Every answer gets Accept-Encoding in Vary. An answer to a session is not
// compressed: its length would tell something of what it holds to one who can add to it (the BREACH
// attack).
// Works on the thread that replies. Only for answers that a worker makes.
Reply compressing(const Request& request, Reply reply);

}  // namespace suyuan::http
