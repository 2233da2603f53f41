// One shipment of a generated ledger, from the milk to each can's sale: 192 cans, packed four deep.
//
//   milk x 4 -> powder, powder + premix -> a lot of cans; each can is commissioned from it
//   can in case in pallet in freight container in ship; unpacked in the opposite order
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/event/event.h"

namespace suyuan::bench {

inline constexpr size_t kGroupEvents = 4096;  // of a ledger that is made: committed together

inline constexpr std::string_view kFarm = "farm";
inline constexpr std::string_view kPremixer = "premixer";
inline constexpr std::string_view kLab = "lab";
inline constexpr std::string_view kFactory = "factory";
inline constexpr std::string_view kCertifier = "certifier";
inline constexpr std::string_view kCarrier = "carrier";
inline constexpr std::string_view kCustoms = "customs";
inline constexpr std::string_view kImporter = "importer";
inline constexpr std::string_view kShop = "shop";

// GTINs, 14 digits, with the party that owns each.
enum class Goods : uint8_t { milk, premix, powder, can, unit };
std::string gtin_of(Goods goods);

inline constexpr size_t kCansInCase = 6;
inline constexpr size_t kCasesOnPallet = 8;
inline constexpr size_t kPalletsInContainer = 4;
inline constexpr size_t kCasesInShipment = kCasesOnPallet * kPalletsInContainer;
inline constexpr size_t kCansInShipment = kCansInCase * kCasesInShipment;

// What one party states in one stage. Stages of several shipments may be posted together.
struct Stage {
  std::string_view party;
  std::vector<TraceEvent> events;
};
struct Shipment {
  std::vector<Stage> stages;      // the same parties in the same order for every shipment
  std::vector<std::string> cans;  // canonical codes
};
// From the first stage's event time to the last's.
inline constexpr int64_t kShipmentMs = int64_t{20} * 24 * 3600 * 1000;

// The same number gives the same shipment. Its first event is at `start_ms`.
Shipment make_shipment(uint64_t number, int64_t start_ms);
inline constexpr size_t kEventsInShipment = 560;  // approximately

}  // namespace suyuan::bench
