#include "tests/unit/proof/mutate.h"

#include "ledger/base/text.h"

namespace suyuan::testing {
namespace {

namespace json = boost::json;

void list_pointers(const json::value& value, const std::string& at, std::vector<std::string>& all) {
  if (!at.empty()) all.push_back(at);
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object) {
      list_pointers(member.value(), at + "/" + std::string(member.key()), all);
    }
  } else if (const auto* array = value.if_array()) {
    for (size_t i = 0; i < array->size(); ++i) {
      list_pointers((*array)[i], at + "/" + std::to_string(i), all);
    }
  }
}

void set_at(json::value& root, const Mutation& mutation) {
  const size_t slash = mutation.pointer.rfind('/');
  json::value& parent = root.at_pointer(mutation.pointer.substr(0, slash));
  const std::string last = mutation.pointer.substr(slash + 1);
  if (auto* object = parent.if_object()) {
    if (mutation.value) {
      (*object)[last] = *mutation.value;
    } else {
      object->erase(last);
    }
    return;
  }
  auto& array = parent.as_array();
  auto* const at = array.begin() + std::stol(last);
  if (!mutation.value) {
    array.erase(at);
  } else if (static_cast<size_t>(at - array.begin()) == array.size()) {
    array.push_back(*mutation.value);
  } else {
    *at = *mutation.value;
  }
}

}  // namespace

Mutator::Mutator(std::string text, uint64_t seed)
    : text_(std::move(text)), root_(json::parse(text_)), random_(seed) {
  list_pointers(root_, "", pointers_);
}

std::string Mutator::changed_text(std::string text) {
  static constexpr std::string_view kChars =
      "ABCabc0123456789+/= \n\t-_.:\\\"\x7F";
  if (auto bytes = from_base64(text); bytes && !bytes->empty() && below(2) == 0) {
    char& one = (*bytes)[below(bytes->size())];
    one = static_cast<char>(one ^ (1 << below(8)));
    return to_base64(*bytes);
  }
  const size_t at = text.empty() ? 0 : below(text.size());
  const char c = kChars[below(kChars.size())];
  switch (text.empty() ? 0 : below(5)) {
    case 0: return text.insert(at, 1, c);
    case 1: return text.erase(at, 1);
    case 2: text[at] = c; return text;
    case 3: return text.substr(0, at);
    default: return text + c;
  }
}

json::value Mutator::changed(const json::value& value) {
  if (below(24) == 0) return json::value(nullptr);
  if (value.is_number()) {
    const auto number = value.to_number<int64_t>();
    switch (below(6)) {
      case 0: return number + 1;
      case 1: return number - 1;
      case 2: return static_cast<int64_t>(below(40));
      case 3: return json::value(std::to_string(number));
      case 4: return static_cast<double>(number) + 0.5;
      default: return int64_t{1} << 53;
    }
  }
  if (const auto* text = value.if_string()) {
    std::string other = changed_text(std::string(std::string_view(*text)));
    // JSON files hold whole characters.
    if (!other.empty() && !is_clean_utf8(other)) other = std::string(std::string_view(*text)) + "x";
    return json::value(other);
  }
  if (const auto* array = value.if_array()) {
    json::array copy = *array;
    if (copy.size() > 1 && below(2) == 0) {
      const size_t one = below(copy.size());
      std::swap(copy[one], copy[(one + 1 + below(copy.size() - 1)) % copy.size()]);
    } else if (!copy.empty()) {
      copy.push_back(copy[below(copy.size())]);
    } else {
      copy.push_back("AAAA");
    }
    return copy;
  }
  if (const auto* object = value.if_object()) {
    if (object->contains("salt") && below(2) == 0) return json::value("withheld");
    json::object copy = *object;
    copy["more"] = 1;
    return copy;
  }
  return json::value(0);
}

Mutation Mutator::next() {
  if (below(5) < 2) {
    return {.offset = below(text_.size()), .bits = static_cast<uint8_t>(1U << below(8))};
  }
  const std::string& pointer = pointers_[below(pointers_.size())];
  if (below(8) == 0) return {.pointer = pointer};
  return {.pointer = pointer, .value = changed(root_.at_pointer(pointer))};
}

std::string Mutator::apply(const Mutation& mutation) const {
  if (mutation.bits != 0) {
    std::string text = text_;
    text[mutation.offset] = static_cast<char>(text[mutation.offset] ^ mutation.bits);
    return text;
  }
  json::value root = root_;
  set_at(root, mutation);
  return json::serialize(root);
}

json::object to_json(const Mutation& mutation) {
  if (mutation.bits != 0) return {{"offset", mutation.offset}, {"xor", mutation.bits}};
  json::object object{{"pointer", mutation.pointer}};
  if (mutation.value) object["value"] = *mutation.value;
  return object;
}

Mutation mutation_from(const json::object& object) {
  if (const auto* bits = object.if_contains("xor")) {
    return {.offset = object.at("offset").to_number<size_t>(), .bits = bits->to_number<uint8_t>()};
  }
  Mutation mutation{.pointer = std::string(object.at("pointer").as_string())};
  if (const auto* value = object.if_contains("value")) mutation.value = *value;
  return mutation;
}

}  // namespace suyuan::testing
