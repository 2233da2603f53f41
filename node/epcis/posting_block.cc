#include "node/epcis/posting_block.h"

#include <algorithm>
#include <limits>

#include "ledger/base/coding.h"
#include "node/epcis/varint.h"

namespace suyuan::epcis {
namespace {

constexpr int kEventBits = 16;
constexpr uint64_t kLastLeaf = (uint64_t{1} << 48) - 1;
constexpr uint32_t kLastEvent = (uint32_t{1} << kEventBits) - 1;

// Most events of a block are neighbours in the log.
uint32_t expected_event(const Place& before, uint64_t leaf) {
  return leaf == before.leaf ? before.event + 1 : 0;
}

// Reads the spot after `before`, within the bounds of a row and in order.
bool next_in_block(VarintReader& reader, const Spot& before, Spot& spot) {
  uint64_t later = 0;
  uint64_t step = 0;
  if (!reader.get(later) || !reader.get(step)) return false;
  constexpr auto kLastTime = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (later > kLastTime - static_cast<uint64_t>(before.time_ms)) return false;
  spot.time_ms = static_cast<int64_t>(static_cast<uint64_t>(before.time_ms) + later);
  // Both are below 2^48, and so is their difference.
  if (step >> 50 != 0) return false;
  spot.place.leaf = before.place.leaf + unzigzag(step >> 1);
  if (spot.place.leaf > kLastLeaf) return false;
  const uint32_t expected = expected_event(before.place, spot.place.leaf);
  uint64_t event = expected;
  if ((step & 1) != 0 && (!reader.get(event) || event == expected)) return false;
  if (event > kLastEvent) return false;
  spot.place.event = static_cast<uint32_t>(event);
  return spot > before;
}

}  // namespace

Spot stored_spot(Spot spot) {
  spot.place.leaf = std::min(spot.place.leaf, kLastLeaf);
  spot.place.event = std::min(spot.place.event, kLastEvent);
  return spot;
}

void make_posting_key(Postings kind, BytesView term, const Spot& spot, Bytes& key) {
  const Spot stored = stored_spot(spot);
  key.assign(1, static_cast<char>(kind));
  key += term;
  put_i64(key, stored.time_ms);
  put_u64(key, stored.place.leaf << kEventBits | stored.place.event);
}

std::optional<Spot> spot_in(BytesView key, Postings kind, BytesView term) {
  if (key.empty() || key.front() != static_cast<char>(kind) || !key.substr(1).starts_with(term))
    return std::nullopt;
  Decoder decoder(key.substr(1 + term.size()));
  Spot spot;
  uint64_t place = 0;
  if (!decoder.get_i64(spot.time_ms) || !decoder.get_u64(place) || !decoder.done())
    return std::nullopt;
  spot.place = {.leaf = place >> kEventBits, .event = static_cast<uint32_t>(place & kLastEvent)};
  return spot;
}

void encode_block(std::span<const Spot> spots, Bytes& value) {
  SUYUAN_CHECK(!spots.empty() && spots.size() <= kBlockSpotsMax);
  value.clear();
  for (size_t i = 1; i < spots.size(); ++i) {
    const Spot& before = spots[i - 1];
    const Spot& spot = spots[i];
    SUYUAN_CHECK(before < spot);
    put_varint(value,
               static_cast<uint64_t>(spot.time_ms) - static_cast<uint64_t>(before.time_ms));
    const uint64_t step = zigzag(spot.place.leaf - before.place.leaf) << 1;
    if (spot.place.event == expected_event(before.place, spot.place.leaf)) {
      put_varint(value, step);
    } else {
      put_varint(value, step | 1);
      put_varint(value, spot.place.event);
    }
  }
}

Result<Done> decode_block(const Spot& first, BytesView value, std::vector<Spot>& spots) {
  spots.clear();
  spots.reserve(std::min(kBlockSpotsMax, 1 + value.size() / 2));
  spots.push_back(first);
  for (VarintReader reader(value); !reader.done();) {
    Spot spot;
    if (spots.size() == kBlockSpotsMax || !next_in_block(reader, spots.back(), spot))
      return fail(Code::CORRUPT, "a block of the EPCIS index is damaged");
    spots.push_back(spot);
  }
  return Done{};
}

}  // namespace suyuan::epcis
