// Attachments: photos, certificates, reports that events name by digest. Put and read by registered
// parties, who sign each request. They lie beside the log: what an event says of them is proven by
// the digest alone.
//
//   Authorization: Suyuan-Note <base64 of a signed note>
//
//   suyuan/attachment/v1
//   ledger <origin> <base64 of genesis hash>
//   party <party id>
//   act <put | get>
//   sha256 <hex>
//   until <ms since 1970: refused later, and when more than an hour ahead>
#pragma once

#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

// What a node keeps: it serves the bytes back under this type, so nothing a browser would run.
bool is_attachment_type(std::string_view media_type);

void add_attachments(Router& router, Service& service);

}  // namespace suyuan::http
