// Random single changes of a bundle's JSON: one bit, or one field.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace suyuan::testing {

// Either `pointer` (RFC 6901) gets `value`, or without one is removed; or the byte at `offset` of
// the text is combined with `bits`.
struct Mutation {
  std::string pointer = {};
  std::optional<boost::json::value> value = {};
  size_t offset = 0;
  uint8_t bits = 0;  // 0: a mutation of a field
};

class Mutator {
 public:
  Mutator(std::string text, uint64_t seed);
  Mutation next();
  std::string apply(const Mutation& mutation) const;
  const std::string& text() const { return text_; }

 private:
  boost::json::value changed(const boost::json::value& value);
  std::string changed_text(std::string text);
  uint64_t below(uint64_t bound) { return random_() % bound; }

  std::string text_;
  boost::json::value root_;
  std::vector<std::string> pointers_;  // of every value but the root
  std::mt19937_64 random_;
};

// {"pointer":"/leaves/0/index","value":13} or {"pointer":"..."} (removed) or {"offset":9,"xor":4}.
boost::json::object to_json(const Mutation& mutation);
Mutation mutation_from(const boost::json::object& object);

}  // namespace suyuan::testing
