// Files that a public statement names, readable by anyone: test reports, certificates, a product's
// picture. Other attachments are for registered parties only (attachments.h).
#pragma once

#include "ledger/event/event.h"
#include "node/http/router.h"
#include "node/service.h"

namespace suyuan::http {

// Returns true if anyone may read a file of this statement: what a third party or an authority
// found, or the maker's picture of the product. Trade documents are excluded.
bool is_public_document(const TraceEvent& event, const Document& document);

// GET /v1/events/{leaf}/{event}/documents/{sha256}
void add_documents(Router& router, Service& service);

}  // namespace suyuan::http
