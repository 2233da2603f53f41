#include "node/epcis/event_terms.h"

#include <algorithm>

#include "ledger/code/code.h"
#include "proto/epcis/terms.h"

namespace suyuan::epcis {
namespace {

using ld::Vocabulary;

const Prefixes kNoPrefixes;

class Terms {
 public:
  explicit Terms(const TraceEvent& event) : event_(event) {}

  std::optional<std::vector<Term>> run() {
    if (!event_.sensors.empty() || !event_.ilmd.empty() || !event_.extensions.empty() ||
        event_.error || names_itself() || is_expanded(event_.event_id) ||
        is_expanded(event_.transformation_id)) {
      return std::nullopt;
    }
    put(kEvery, {});
    put("eventType", std::string(ld::type_name(event_.type)));
    put_known("eventID", event_.event_id);
    put_known("action", std::string(word(event_.action)));
    if (!what() || !why()) return std::nullopt;
    std::sort(terms_.begin(), terms_.end());
    terms_.erase(std::unique(terms_.begin(), terms_.end()), terms_.end());
    return std::move(terms_);
  }

 private:
  void put(std::string_view name, std::string text) {
    terms_.push_back({.name = std::string(name), .text = std::move(text)});
  }
  void put_known(std::string_view name, std::string text) {
    if (!text.empty()) put(name, std::move(text));
  }

  // True if the event may be written with an empty epcList: its objects are then the codes of its
  // documents or of its place. When in doubt, the written form decides.
  bool names_itself() const {
    return std::ranges::any_of(event_.objects, [&](const Item& item) {
      return item.code == event_.read_point || item.code == event_.biz_location ||
             std::ranges::find(event_.transactions, item.code, &Reference::id) !=
                 event_.transactions.end();
    });
  }

  // True if a reader of the written form takes its begin as a prefix of the standard's context.
  static bool is_expanded(std::string_view text) {
    return ld::standard_space(text.substr(0, text.find(':'))).has_value();
  }

  bool what() {
    const bool has_objects = event_.type == EventType::object ||
                             event_.type == EventType::transaction;
    put_known("transformationID", event_.transformation_id);
    return (!has_objects || items("epc", "epcClass", event_.objects)) &&
           (event_.parent.empty() || code("parentID", "", event_.parent, false)) &&
           items("epc", "epcClass", event_.children) &&
           items("inputEPC", "inputEPCClass", event_.inputs) &&
           items("outputEPC", "outputEPCClass", event_.outputs);
  }

  bool items(std::string_view field, std::string_view class_field, const std::vector<Item>& list) {
    return std::ranges::all_of(list, [&](const Item& item) {
      return code(field, class_field, item.code, item.quantity.has_value());
    });
  }

  // A counted item, or a class, is written into a list of quantities.
  bool code(std::string_view field, std::string_view class_field, const std::string& text,
            bool counted) {
    const auto parsed = parse_code(text);
    if (!parsed || parsed->text() != text || is_expanded(text)) return false;
    const bool is_class = parsed->type() == CodeType::gtin_class ||
                          parsed->type() == CodeType::lot || parsed->type() == CodeType::variant;
    const bool is_unit = !is_class && parsed->type() != CodeType::uri;
    const bool as_class = (counted || is_class) && !class_field.empty();
    if (!as_class || is_unit) put(field, text);
    if (as_class) put(class_field, text);
    if (parsed->type() == CodeType::gtin_class) put(kUnder, text);
    if (auto above = parsed->class_of()) put(kUnder, *std::move(above));
    return true;
  }

  bool why() {
    put_known("bizStep", spelled(Vocabulary::biz_step, event_.step));
    put_known("disposition", spelled(Vocabulary::disposition, event_.disposition));
    const bool has_persistent = event_.type == EventType::object ||
                                event_.type == EventType::transformation;
    if (has_persistent) {
      for (const auto& one : event_.persistent_set)
        put("persistentDisposition_set", spelled(Vocabulary::disposition, one));
      for (const auto& one : event_.persistent_unset)
        put("persistentDisposition_unset", spelled(Vocabulary::disposition, one));
    }
    // A TransactionEvent without documents is written with a placeholder.
    if (event_.type == EventType::transaction && event_.transactions.empty()) return false;
    return place("readPoint", event_.read_point) && place("bizLocation", event_.biz_location) &&
           references("bizTransaction_", Vocabulary::transaction_type, event_.transactions) &&
           references("source_", Vocabulary::party_type, event_.sources) &&
           references("destination_", Vocabulary::party_type, event_.destinations);
  }

  // Returns a word in the one form under which every spelling of it is found.
  static std::string spelled(Vocabulary vocabulary, const std::string& word) {
    if (word.empty() || ld::has_word(vocabulary, word)) return word;
    if (word.find(':') != std::string::npos) return word_of(word, kNoPrefixes);
    return word_of(std::string(ld::row_of(vocabulary).own) + word, kNoPrefixes);
  }

  bool place(std::string_view field, const std::string& code) {
    if (!code.empty()) put(field, code_in(code, kNoPrefixes));
    return true;
  }

  // An identifier that is not a code may have other spellings, or may not be a URI.
  static bool is_written_as_it_is(std::string_view id) {
    if (id.starts_with(kPartyUrn)) return check_party_id(id.substr(kPartyUrn.size())).has_value();
    if (!id.starts_with("urn:") && !id.starts_with("https://")) return false;
    const auto parsed = parse_code(id);
    return parsed && parsed->text() == id;
  }

  bool references(std::string_view family, Vocabulary types, const std::vector<Reference>& list) {
    return std::ranges::all_of(list, [&](const Reference& one) {
      if (!is_written_as_it_is(one.id)) return false;
      put(std::string(family) + spelled(types, one.type), one.id);
      return true;
    });
  }

  const TraceEvent& event_;
  std::vector<Term> terms_;
};

}  // namespace

std::optional<std::vector<Term>> terms_of(const TraceEvent& event) { return Terms(event).run(); }

}  // namespace suyuan::epcis
