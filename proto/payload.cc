#include "proto/payload.h"

#include <algorithm>

namespace suyuan {

PayloadWords::PayloadWords(BytesView payload) {
  const size_t count = payload.size() / sizeof(capnp::word);
  if (reinterpret_cast<uintptr_t>(payload.data()) % alignof(capnp::word) == 0) {
    words_ = {reinterpret_cast<const capnp::word*>(payload.data()), count};
    return;
  }
  copy_ = kj::heapArray<capnp::word>(count);
  std::memcpy(copy_.begin(), payload.data(), count * sizeof(capnp::word));
  words_ = copy_;
}

Result<Done> check_payload_size(BytesView payload) {
  if (payload.size() > limits::kPayloadBytesMax) {
    return fail(Code::TOO_LARGE, "found a payload of " + std::to_string(payload.size()) +
                                     " bytes, at most " + std::to_string(limits::kPayloadBytesMax));
  }
  if (payload.empty() || payload.size() % sizeof(capnp::word) != 0) {
    return fail(Code::MALFORMED_EVENT,
                "found a payload of " + std::to_string(payload.size()) +
                    " bytes; it is one Cap'n Proto segment of whole 8-byte words, without framing");
  }
  return Done{};
}

capnp::ReaderOptions payload_options(size_t words) {
  // Each word is visited twice: by the structural check, and by reading. More visits mean shared
  // targets, or elements that take no bytes.
  capnp::ReaderOptions options;
  options.traversalLimitInWords = 2 * words + 64;
  options.nestingLimit = 16;
  return options;
}

Result<Done> compare_encoding(BytesView found, BytesView canonical) {
  if (found == canonical) return Done{};
  const auto [at, other] =
      std::mismatch(found.begin(), found.end(), canonical.begin(), canonical.end());
  return fail(Code::NOT_CANONICAL,
              "from byte " + std::to_string(at - found.begin()) +
                  " on, the payload is not the encoding of its content; absent values are "
                  "null pointers, and fields that this version does not know are refused");
}

Unexpected<Error> not_in_canonical_order() {
  return fail(Code::NOT_CANONICAL,
              "the payload is not in Cap'n Proto's canonical form: one segment, objects in "
              "preorder, no bytes between or after them, trailing defaults cut");
}

Unexpected<Error> malformed_payload(const kj::Exception& exception) {
  return fail(Code::MALFORMED_EVENT, "the payload is not a Cap'n Proto message of its type: " +
                                         std::string(exception.getDescription().cStr()));
}

}  // namespace suyuan
