#include "ledger/order/etcd/group.h"

#include <algorithm>
#include <functional>

#include "ledger/base/coding.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

constexpr uint8_t kVersion = 4;
constexpr size_t kPositionDigits = 20;
constexpr std::string_view kMarkTag = "suyuan/order/group/v2\n";
constexpr std::string_view kGroupTag = "suyuan/order/signed/group/v2\n";
constexpr std::string_view kToldTag = "suyuan/order/signed/told/v2\n";
constexpr std::string_view kClockTag = "suyuan/order/signed/clock/v2\n";
constexpr size_t kPlaceBytes = 8 + Hash::kSize;
constexpr size_t kToldBytesMin = 1 + 2 * kPlaceBytes + 8 + 2 * Signature::kSize;
constexpr int64_t kTimeMsMax = 253402300799999;  // as in every signed text

Unexpected<Error> bad(const char* what) {
  return fail(Code::CORRUPT, std::string("the bytes under a key of the log are no ") + what);
}

Unexpected<Error> other_version(uint8_t version) {
  const std::string found = "the log holds version " + std::to_string(version) +
                            ", this program knows version " + std::to_string(kVersion);
  if (version > kVersion) return fail(Code::STORE_TOO_NEW, found + ": update it");
  return fail(Code::CORRUPT, found + ": continue the ledger in a new log (suyuan-node migrate)");
}

bool get_clocks(Decoder& in, std::vector<ClockWord>& clocks) {
  uint8_t count = 0;
  if (!in.get_u8(count) || count > kClocksMax) return false;
  clocks.resize(count);
  return std::ranges::all_of(clocks, [&in](ClockWord& one) {
    return in.get_string(one.node) && in.get_u64(one.position) && in.get_i64(one.time_ms) &&
           in.get_fixed(one.signature);
  });
}

}  // namespace

std::string LogKeys::group(uint64_t position) const {
  std::string digits = std::to_string(position);
  return log + "/" + std::string(kPositionDigits - digits.size(), '0') + digits;
}

// ':' is the character after '9'.
KvRange LogKeys::groups_from(uint64_t position, int64_t limit) const {
  return {.key = group(position), .end = log + "/:", .limit = limit};
}

KvDelete LogKeys::groups_to(uint64_t position) const {
  return {.key = group(0), .end = group(position + 1)};
}

std::optional<uint64_t> LogKeys::position_of(std::string_view key) const {
  if (key.size() != log.size() + 1 + kPositionDigits || !key.starts_with(log + "/")) {
    return std::nullopt;
  }
  uint64_t position = 0;
  for (const char digit : key.substr(log.size() + 1)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    const auto more = static_cast<uint64_t>(digit - '0');
    if (position > (UINT64_MAX - more) / 10) return std::nullopt;
    position = position * 10 + more;
  }
  return position;
}

std::optional<std::string> name_under(std::string_view prefix, std::string_view key) {
  if (!key.starts_with(prefix)) return std::nullopt;
  return std::string(key.substr(prefix.size()));
}

Bytes encode_group(const GroupEntry& group) {
  Bytes out;
  size_t bytes = kGroupBytesAround;
  for (const Bytes& one : group.proposals) bytes += kGroupBytesOfProposal + one.size();
  out.reserve(bytes);
  put_u8(out, kVersion);
  put_u16(out, group.judging);
  out += group.before.view();
  put_i64(out, group.time_ms);
  put_string(out, group.node);
  put_u32(out, static_cast<uint32_t>(group.proposals.size()));
  for (const Bytes& one : group.proposals) put_string(out, one);
  SUYUAN_CHECK(group.clocks.size() <= kClocksMax);
  put_u8(out, static_cast<uint8_t>(group.clocks.size()));
  for (const ClockWord& one : group.clocks) {
    put_string(out, one.node);
    put_u64(out, one.position);
    put_i64(out, one.time_ms);
    out += one.signature.view();
  }
  out += group.signature.view();
  return out;
}

Bytes signed_text(Signed what, const Hash& ledger, std::string_view log, BytesView bytes) {
  SUYUAN_CHECK(bytes.size() >= Signature::kSize);
  const std::string_view tag = what == Signed::group ? kGroupTag : kToldTag;
  Bytes name;
  put_string(name, log);
  const BytesView words = bytes.substr(0, bytes.size() - Signature::kSize);
  return Bytes(tag) + domain_hash(tag, {ledger.view(), name, words}).bytes();
}

void set_signature(Bytes& bytes, const Signature& signature) {
  SUYUAN_CHECK(bytes.size() >= Signature::kSize);
  bytes.replace(bytes.size() - Signature::kSize, Signature::kSize, signature.view());
}

Result<GroupEntry> decode_group(BytesView bytes) {
  Decoder in(bytes);
  GroupEntry group;
  uint8_t version = 0;
  if (!in.get_u8(version)) return bad("group");
  if (version != kVersion) return other_version(version);
  uint32_t count = 0;
  if (!in.get_u16(group.judging) || !in.get_fixed(group.before) || !in.get_i64(group.time_ms) ||
      !in.get_string(group.node) || !in.get_u32(count)) {
    return bad("group");
  }
  if (!is_clock_time(group.time_ms)) return bad("group");
  if (count == 0 || count > in.rest().size() / kGroupBytesOfProposal) return bad("group");
  if (count > limits::kGroupBatchesMax) group.too_many = count;
  for (uint32_t i = 0; i < count; ++i) {
    BytesView one;
    if (!in.get_view(one)) return bad("group");
    if (group.too_many == 0) group.proposals.emplace_back(one);
  }
  if (!get_clocks(in, group.clocks)) return bad("group");
  if (!in.get_fixed(group.signature) || !in.done()) return bad("group");
  return group;
}

Bytes signed_clock(const Hash& ledger, std::string_view log, const ClockWord& word) {
  Bytes what;
  put_string(what, log);
  put_string(what, word.node);
  put_u64(what, word.position);
  put_i64(what, word.time_ms);
  return Bytes(kClockTag) + domain_hash(kClockTag, {ledger.view(), what}).bytes();
}

bool is_clock_time(int64_t time_ms) { return time_ms >= 0 && time_ms <= kTimeMsMax; }

bool is_of_place(const ClockWord& word, uint64_t group_position) {
  return word.position < group_position && group_position - word.position <= kClockGroupsMax;
}

int64_t agreed_time(int64_t proposed, std::vector<int64_t> others, size_t majority) {
  others.push_back(proposed);
  if (majority == 0 || others.size() < majority) return 0;
  std::ranges::sort(others, std::greater());
  return std::min(proposed, others[majority - 1] + kClockSlackMs);
}

Hash mark_of(BytesView group) { return domain_hash(kMarkTag, {group}); }

Bytes encode_place(const OrderPlace& place) {
  Bytes out;
  put_u64(out, place.position);
  out += place.mark.view();
  return out;
}

Result<OrderPlace> decode_place(BytesView bytes) {
  Decoder in(bytes);
  OrderPlace place;
  if (!in.get_u64(place.position) || !in.get_fixed(place.mark) || !in.done() ||
      place.position == UINT64_MAX) {
    return bad("place");
  }
  return place;
}

Bytes encode_told(const Told& told) {
  Bytes out;
  put_u8(out, kVersion);
  out += encode_place(told.at);
  out += encode_place(told.generation);
  put_i64(out, told.time_ms);
  out += told.clock.view();
  out += told.note;
  out += told.signature.view();
  return out;
}

Result<Told> decode_told(BytesView bytes) {
  if (bytes.size() < kToldBytesMin || static_cast<uint8_t>(bytes.front()) != kVersion) {
    return bad("word of a node");
  }
  SUYUAN_TRY(at, decode_place(bytes.substr(1, kPlaceBytes)));
  SUYUAN_TRY(generation, decode_place(bytes.substr(1 + kPlaceBytes, kPlaceBytes)));
  Told told{.at = at, .generation = generation, .note = {}};
  Decoder in(bytes.substr(1 + 2 * kPlaceBytes));
  if (!in.get_i64(told.time_ms) || !is_clock_time(told.time_ms) || !in.get_fixed(told.clock)) {
    return bad("word of a node");
  }
  const BytesView rest = in.rest();
  told.note = Bytes(rest.substr(0, rest.size() - Signature::kSize));
  told.signature = Signature::from(rest.substr(rest.size() - Signature::kSize));
  return told;
}

Bytes encode_identity(const LogIdentity& identity) {
  Bytes out;
  put_u8(out, kVersion);
  out += identity.ledger.view();
  out += encode_place(identity.base);
  return out;
}

Result<LogIdentity> decode_identity(BytesView bytes) {
  Decoder in(bytes);
  LogIdentity identity;
  uint8_t version = 0;
  if (!in.get_u8(version)) return bad("identity");
  if (version != kVersion) return other_version(version);
  if (!in.get_fixed(identity.ledger)) return bad("identity");
  SUYUAN_TRY(base, decode_place(in.rest()));
  identity.base = base;
  return identity;
}

Result<Done> found_log(Kv& kv, const std::string& log, const LogIdentity& identity) {
  const LogKeys keys{log};
  SUYUAN_TRY(answer,
             kv.txn({.when = {{.key = keys.identity()}, {.key = keys.tail()}},
                     .then = {KvPut{.key = keys.identity(), .value = encode_identity(identity)},
                              KvPut{.key = keys.tail(), .value = encode_place(identity.base)}},
                     .otherwise = {KvRange{.key = keys.identity()}}}));
  if (answer.held) return Done{};
  if (answer.ranges.size() == 1 && answer.ranges[0].size() == 1) {
    SUYUAN_TRY(there, decode_identity(answer.ranges[0][0].value));
    if (there == identity) return Done{};
    if (there.ledger != identity.ledger) {
      return fail(Code::INVALID_FIELD,
                  "etcd holds the log " + log + " of another ledger; give this one another name",
                  "log");
    }
  }
  return fail(Code::INVALID_FIELD,
              "etcd holds a log " + log + " of this ledger that began elsewhere; give the new log "
              "another name, or let the nodes follow that one",
              "log");
}

}  // namespace suyuan
