#include "ledger/event/event.h"

#include <array>
#include <span>

namespace suyuan {
namespace {

// Each table is in the order of its enumeration.
constexpr std::array<std::string_view, 5> kKinds = {"origin", "supply", "logistics", "transaction",
                                                    "inspection"};
constexpr std::array<std::string_view, 5> kTypes = {"object", "aggregation", "transaction",
                                                    "transformation", "association"};
constexpr std::array<std::string_view, 4> kActions = {"", "ADD", "OBSERVE", "DELETE"};
constexpr std::array<std::string_view, 5> kAudiences = {"owner", "partner", "platform", "customs",
                                                        "market_supervision"};
constexpr std::array<std::string_view, 6> kNodeKinds = {"object", "array",   "text",
                                                        "number", "boolean", "null"};

constexpr std::array<std::string_view, 2> kEventAudiences = {"public", "partner"};

// Empty for a value outside the enumeration, which only a decoder's bug can make.
template <class E>
std::string_view word_in(std::span<const std::string_view> words, E value) {
  const auto index = static_cast<size_t>(value);
  return index < words.size() ? words[index] : std::string_view{};
}

template <class E>
std::optional<E> value_in(std::span<const std::string_view> words, std::string_view word) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return static_cast<E>(i);
  }
  return std::nullopt;
}

// The bare party id of a possessing_party; the consumer stands for itself. Empty: named by a number
// that this ledger does not know.
std::string_view party_of(const Reference& reference) {
  const std::string_view id = reference.id;
  if (reference.type != kPossessingParty) return {};
  if (id.starts_with(kPartyUrn)) return id.substr(kPartyUrn.size());
  return id == kConsumer ? id : std::string_view();
}

}  // namespace

std::string_view word(Kind kind) { return word_in(kKinds, kind); }
std::string_view word(EventType type) { return word_in(kTypes, type); }
std::string_view word(Action action) { return word_in(kActions, action); }
std::string_view word(Audience audience) { return word_in(kAudiences, audience); }
std::string_view word(NodeKind kind) { return word_in(kNodeKinds, kind); }
std::string_view word(EventAudience audience) { return word_in(kEventAudiences, audience); }

std::optional<Kind> kind_from(std::string_view text) { return value_in<Kind>(kKinds, text); }
std::optional<EventType> event_type_from(std::string_view text) {
  return value_in<EventType>(kTypes, text);
}
std::optional<Action> action_from(std::string_view text) {
  return value_in<Action>(kActions, text);
}
std::optional<Audience> audience_from(std::string_view text) {
  return value_in<Audience>(kAudiences, text);
}

std::optional<EventAudience> event_audience_from(std::string_view text) {
  return value_in<EventAudience>(kEventAudiences, text);
}

std::vector<std::string> custody_from(const TraceEvent& event) {
  std::vector<std::string> parties;
  for (const auto& source : event.sources) {
    if (const auto party = party_of(source); !party.empty()) parties.emplace_back(party);
  }
  return parties;
}

std::string custody_to(const TraceEvent& event) {
  for (const auto& destination : event.destinations) {
    if (const auto party = party_of(destination); !party.empty()) return std::string(party);
  }
  return {};
}

}  // namespace suyuan
