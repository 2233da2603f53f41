// Encodes jobs, queries and subscriptions. Internal to state.cc and its test.
#pragma once

#include "node/epcis/state.h"

namespace suyuan::epcis {

Bytes encode_row(const Job& job);
Bytes encode_row(const NamedQuery& query);
Bytes encode_row(const Subscription& subscription);
// Errors: CORRUPT (bytes that encode never writes).
template <class T>
Result<T> decode_row(BytesView bytes);
template <> Result<Job> decode_row(BytesView);
template <> Result<NamedQuery> decode_row(BytesView);
template <> Result<Subscription> decode_row(BytesView);

}  // namespace suyuan::epcis
