// Files that a public statement names, for anybody: test reports, certificates, the picture of a
// product. Other attachments stay with the registered parties (attachments.h).
#pragma once

#include "ledger/event/event.h"
#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

// Whether everybody may read a file of this statement: what a third party or an authority found,
// and the maker's picture of the product. The trade's own papers are not among them.
bool is_public_document(const TraceEvent& event, const Document& document);

// GET /v1/events/{leaf}/{event}/documents/{sha256}
void add_documents(Router& router, Service& service);

}  // namespace suyuan::http
