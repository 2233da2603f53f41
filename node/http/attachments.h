// Attachments: photos, certificates, reports that events name by digest. Put and read by registered
// parties, who sign each request (permit.h). They lie beside the log: what an event says of them is
// proven by the digest alone.
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

// What a node keeps: it serves the bytes back under this type, so nothing a browser would run.
bool is_attachment_type(std::string_view media_type);

void add_attachments(Router& router, Service& service);

}  // namespace suyuan::http
