#include "ledger/proof/cosignature.h"

#include "ledger/base/coding.h"

namespace suyuan {
namespace {

constexpr uint64_t kTimeMax = ~uint64_t{0} >> 1;

std::string message_of(std::string_view text, uint64_t time_s) {
  std::string message = "cosignature/v1\ntime " + std::to_string(time_s) + "\n";
  return message.append(text);
}

}  // namespace

NoteLine cosign(std::string_view text, const CosignerKey& by, uint64_t time_s) {
  SUYUAN_CHECK(!text.empty() && text.back() == '\n' && is_c2sp_name(by.name));
  SUYUAN_CHECK(time_s <= kTimeMax);
  const NoteKey key{.name = by.name, .type = NoteKeyType::cosignature, .key = by.key};
  NoteLine line{.name = by.name, .key_id = key.id(), .signature = {}};
  put_u64(line.signature, time_s);
  line.signature += sign(by.secret, message_of(text, time_s)).view();
  return line;
}

std::optional<uint64_t> verify_cosignature(std::string_view text, const NoteLine& line,
                                           const NoteKey& key) {
  if (key.type != NoteKeyType::cosignature || line.name != key.name || line.key_id != key.id()) {
    return std::nullopt;
  }
  uint64_t time_s = 0;
  Signature signature;
  Decoder decoder(line.signature);
  if (!decoder.get_u64(time_s) || !decoder.get_fixed(signature) || !decoder.done() ||
      time_s > kTimeMax) {
    return std::nullopt;
  }
  if (!verify(key.key, message_of(text, time_s), signature)) return std::nullopt;
  return time_s;
}

}  // namespace suyuan
