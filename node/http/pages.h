// Serves the consumer's page (client/web/page) from memory, compressed at build time, with a strong
// ETag for each form, and with headers that let a browser run and fetch nothing else.
#pragma once

#include "node/http/router.h"

namespace suyuan::http {

// Returns the page's HTML. It is the same at every path: the page reads the code from its own
// address. The resolver uses it too, for clients that prefer text/html.
Response page(const Request& request);

// Adds GET /, /page/{file} and /service-worker.js. The resolver serves the page at a Digital Link's
// path.
void add_pages(Router& router);

// Returns the encoding for this Accept-Encoding; "" means uncompressed.
std::string_view best_encoding(std::string_view accept_encoding);

// Returns true if an If-None-Match names this strong ETag.
bool names_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace suyuan::http
