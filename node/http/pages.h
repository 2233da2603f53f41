// The consumer's page (client/web/page) as it is served: from memory, compressed when it was built,
// with a strong ETag for each form, and with headers that let a browser run and fetch nothing else.
#pragma once

#include "node/http/router.h"

namespace suyuan::http {

// The page's HTML. It is the same at every path: the page itself reads from its address which code
// was asked for. For the resolver too, when a client would rather have text/html.
Response page(const Request& request);

// GET /, /page/{file} and /service-worker.js. The resolver serves it at a Digital Link's path.
void add_pages(Router& router);

// What a client that sends this Accept-Encoding is given. "" is the bytes as they are.
std::string_view best_encoding(std::string_view accept_encoding);

// Whether an If-None-Match names this strong ETag.
bool names_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace suyuan::http
