// HMAC-SHA-256 (RFC 2104): for tokens that we alone can make, and for a receiver who shares a key.
#pragma once

#include "ledger/base/bytes.h"

namespace suyuan {

Hash hmac_sha256(BytesView key, BytesView message);
// In a time that does not tell where they differ.
bool equal_in_constant_time(BytesView a, BytesView b);

}  // namespace suyuan
