// JSON as a flat list of values in preorder, numbers as they were written: exact, no recursion.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/event/event.h"

namespace suyuan {

// Of one event, submission or question. Values around the deepest tree of an event make the
// difference to kTreeDepthMax: array, event, sensors, sensor, reports, report, other.
inline constexpr size_t kJsonDepthMax = 40;
inline constexpr size_t kJsonBytesMax = 4 << 20;
inline constexpr size_t kJsonValuesMax = 1 << 17;

struct JsonLimits {
  size_t bytes = kJsonBytesMax;
  size_t values = kJsonValuesMax;
  size_t depth = kJsonDepthMax;
};

struct JsonNode {
  NodeKind kind = NodeKind::null;
  uint32_t end = 0;        // index after the last value inside this one
  std::string name = {};   // in an object
  std::string value = {};  // text; a number as written; "true" or "false"
};

// A value in its document, which must outlive it.
class JsonValue {
 public:
  JsonValue(const std::vector<JsonNode>& nodes, uint32_t index) : nodes_(&nodes), index_(index) {}
  const JsonNode& node() const { return (*nodes_)[index_]; }
  NodeKind kind() const { return node().kind; }
  const std::string& name() const { return node().name; }
  const std::string& value() const { return node().value; }

  // for (JsonValue child : value): the members or entries, in order.
  class Iterator {
   public:
    Iterator(const std::vector<JsonNode>& nodes, uint32_t index) : nodes_(&nodes), index_(index) {}
    JsonValue operator*() const { return {*nodes_, index_}; }
    Iterator& operator++() {
      index_ = (*nodes_)[index_].end;
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const std::vector<JsonNode>* nodes_;
    uint32_t index_;
  };
  Iterator begin() const { return {*nodes_, index_ + 1}; }
  Iterator end() const { return {*nodes_, node().end}; }
  size_t size() const;
  // The member of this name; nullopt: not an object, or no such member.
  std::optional<JsonValue> find(std::string_view name) const;

  // What is inside this value, as an event's tree.
  Tree tree() const;

 private:
  const std::vector<JsonNode>* nodes_;
  uint32_t index_;
};

class JsonDocument {
 public:
  JsonValue root() const { return {nodes_, 0}; }
  // All values, in preorder.
  const std::vector<JsonNode>& nodes() const { return nodes_; }

 private:
  friend Result<JsonDocument> parse_json(std::string_view text, const JsonLimits& limits);
  std::vector<JsonNode> nodes_;
};

// RFC 8259, strict: valid UTF-8 without NUL, no BOM, no comments, no name empty or twice in one
// object, within the bounds. Errors: BAD_REQUEST (with line and column), BAD_TEXT, TOO_LARGE,
// TOO_MANY, INVALID_FIELD.
Result<JsonDocument> parse_json(std::string_view text, const JsonLimits& limits = {});

// The bytes that parse_json holds at most at its peak for this text, and as much again as the text
// for what its caller copies out of the document. Reads the text once and keeps nothing.
size_t parse_bytes_max(std::string_view text, const JsonLimits& limits = {});

}  // namespace suyuan
