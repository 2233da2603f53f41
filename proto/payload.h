// Signed payloads of any message type: written as canonical bytes, accepted only if they encode to
// the same bytes again. Internal to proto: includes capnp.
#pragma once

#include <capnp/message.h>
#include <kj/exception.h>

#include <cstring>

#include "ledger/base/bytes.h"
#include "proto/reading.h"

namespace suyuan {

// The words of one segment, read in place if they are aligned.
class PayloadWords {
 public:
  explicit PayloadWords(BytesView payload);
  kj::ArrayPtr<const capnp::word> words() const { return words_; }

 private:
  kj::Array<capnp::word> copy_;
  kj::ArrayPtr<const capnp::word> words_;
};

// Checks that the bytes can be the words of a payload.
Result<Done> check_payload_size(BytesView payload);
capnp::ReaderOptions payload_options(size_t words);
Result<Done> compare_encoding(BytesView found, BytesView canonical);
Unexpected<Error> not_in_canonical_order();
Unexpected<Error> malformed_payload(const kj::Exception& exception);

// Calls use(BytesView) with the canonical bytes of a value that has a write() into Wire::Builder.
template <class Wire, class T, class Use>
auto with_canonical_bytes(const T& value, Use use) {
  constexpr size_t kScratchWords = 512;  // most events need no other allocation
  capnp::word scratch[kScratchWords] = {};
  capnp::MallocMessageBuilder draft(kj::arrayPtr(scratch, kScratchWords));
  write(value, draft.initRoot<Wire>());

  // The canonical form only omits, so it fits one segment of the draft's size.
  capnp::word room[kScratchWords] = {};
  kj::ArrayPtr<capnp::word> segment = kj::arrayPtr(room, kScratchWords);
  kj::Array<capnp::word> large;
  if (draft.sizeInWords() > kScratchWords) {
    large = kj::heapArray<capnp::word>(draft.sizeInWords());
    std::memset(large.begin(), 0, large.asBytes().size());
    segment = large;
  }
  capnp::MallocMessageBuilder message(segment);
  message.initRoot<capnp::AnyPointer>().template setCanonicalAs<Wire>(
      draft.getRoot<Wire>().asReader());
  const auto segments = message.getSegmentsForOutput();
  SUYUAN_CHECK(segments.size() == 1);
  const auto bytes = segments[0].asBytes();
  return use(BytesView(reinterpret_cast<const char*>(bytes.begin()), bytes.size()));
}

template <class Wire, class T>
Bytes encode_payload(const T& value) {
  return with_canonical_bytes<Wire>(value, [](BytesView bytes) { return Bytes(bytes); });
}

// Decodes with a read() from Wire::Reader. Only the final comparison makes bytes and value
// one-to-one. The structural check before it makes reading safe: no two pointers share a target, so
// the work is bounded by the payload's size.
template <class Wire, class T>
Result<T> decode_payload(BytesView payload) {
  SUYUAN_TRY_DONE(check_payload_size(payload));
  try {
    const PayloadWords words(payload);
    const kj::ArrayPtr<const capnp::word> segments[] = {words.words()};
    capnp::SegmentArrayMessageReader message(segments, payload_options(words.words().size()));
    if (!message.isCanonical()) return not_in_canonical_order();
    Reading reading(Reading::kPayload);
    T value;
    read(reading, message.getRoot<Wire>(), value);
    if (!reading.ok()) return Unexpected(std::move(reading).error());
    SUYUAN_TRY_DONE(with_canonical_bytes<Wire>(
        value, [&](BytesView canonical) { return compare_encoding(payload, canonical); }));
    return value;
  } catch (const kj::Exception& exception) {
    return malformed_payload(exception);
  }
}

}  // namespace suyuan
