// HMAC-SHA-256 (RFC 2104): for tokens that only we can make, and for receivers that share a key.
#pragma once

#include "ledger/base/bytes.h"

namespace suyuan {

Hash hmac_sha256(BytesView key, BytesView message);
// Compares in constant time.
bool equal_in_constant_time(BytesView a, BytesView b);

}  // namespace suyuan
