#include "tests/faults/wal.h"

namespace suyuan::test {

std::vector<size_t> record_ends(BytesView log) {
  constexpr size_t kBlock = 32768;
  constexpr size_t kHeader = 7;
  std::vector<size_t> ends;
  size_t at = 0;
  while (at + kHeader <= log.size()) {
    const size_t room = kBlock - at % kBlock;
    if (room < kHeader) {
      at += room;
      continue;
    }
    const auto byte = [&](size_t i) { return static_cast<uint8_t>(log[at + i]); };
    const size_t length = byte(4) | static_cast<size_t>(byte(5)) << 8U;
    const uint8_t type = byte(6);
    if (type == 0 || type > 4) break;
    at += kHeader + length;
    if (type == 1 || type == 4) ends.push_back(at);
  }
  return ends;
}

}  // namespace suyuan::test
