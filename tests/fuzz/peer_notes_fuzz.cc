// What nodes tell each other next to the log: how far each is, and its newest signatures. What
// decodes encodes to the same bytes.
#include "node/peers/node_cosigners.h"
#include "node/peers/peers.h"
#include "tests/fuzz/fuzz.h"

std::vector<std::string> suyuan::fuzz::seeds() {
  return {encode_peer_note({.time_ms = 1'780'000'000'000, .position = 41, .checkpoint = {}}),
          encode_peer_note(
              {.time_ms = 1'780'000'000'000, .position = 41, .checkpoint = "a checkpoint"}),
          encode_shown({}),
          encode_shown({{.size = 18, .line = "a line\n"}, {.size = 17, .line = "another\n"}})};
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto bytes = fuzz::text(data, size);
  if (const auto note = decode_peer_note(bytes)) SUYUAN_CHECK(encode_peer_note(*note) == bytes);
  if (const auto shown = decode_shown(bytes)) SUYUAN_CHECK(encode_shown(*shown) == bytes);
  return 0;
}
