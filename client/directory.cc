#include "client/directory.h"


#include "client/look_alike.h"
#include "client/terminal.h"
#include "client/text/phrases.h"
#include "ledger/base/limits.h"
#include "ledger/code/code.h"

namespace suyuan {
namespace {

template <class T, class Ask, class Add>
Result<Done> each_page(Ask ask, Add add, size_t entries_max) {
  RegistryQuestion question{.id = {}, .limit = limits::kPageMax};
  for (size_t entries = 0; entries < entries_max;) {
    Answer<Page<T>> answer = ask(question);
    if (!answer.value) return Unexpected(std::move(answer.value).error());
    for (const auto& item : answer.value->items) add(item);
    entries += answer.value->items.size();
    if (answer.value->next.empty() || answer.value->items.empty()) break;
    question.page = answer.value->next;
  }
  return Done{};
}

// Returns the decoded last part of a code that has no short form of its own.
std::string_view last_part(std::string_view code) {
  const size_t cut = code.find_last_of("/:");
  return cut == std::string_view::npos ? code : code.substr(cut + 1);
}

}  // namespace

Result<Directory> Directory::fetch(Connection& connection) {
  Directory names;
  SUYUAN_TRY_DONE(
      each_page<PartyState>([&](const auto& question) { return connection.parties(question); },
                            [&](const PartyState& party) { names.add(party.data); }, kEntriesMax));
  SUYUAN_TRY_DONE(
      each_page<ProductData>([&](const auto& question) { return connection.products(question); },
                             [&](const ProductData& product) { names.add(product); }, kEntriesMax));
  SUYUAN_TRY_DONE(
      each_page<SiteData>([&](const auto& question) { return connection.sites(question); },
                          [&](const SiteData& site) { names.add(site); }, kEntriesMax));
  return names;
}

std::string Directory::party(std::string_view id, Lang lang) const {
  if (id.starts_with(kPartyUrn)) id.remove_prefix(kPartyUrn.size());
  if (id == kConsumer) return std::string(say(Say::consumer, lang));
  const auto found = parties_.find(id);
  if (found == parties_.end()) return shown(id);
  const bool zh = lang == Lang::zh && !found->second.name_zh.empty();
  const std::string& name = zh ? found->second.name_zh : found->second.name;
  // An id has only ASCII letters and is assigned once, so it tells look-alike names apart.
  return mixes_alphabets(name) ? shown(name) + " [" + shown(id) + "]" : shown(name);
}

std::string Directory::place(std::string_view code, Lang lang) const {
  constexpr std::string_view kGlnPrefix = "https://id.gs1.org/414/";
  constexpr size_t kGlnDigits = 13;
  if (code.starts_with(kGlnPrefix)) {
    const auto gln = code.substr(kGlnPrefix.size(), kGlnDigits);
    const auto found = sites_.find(gln);
    if (found != sites_.end()) {
      const auto& site = found->second;
      return shown(site.country.empty() ? site.name : site.name + " (" + site.country + ")");
    }
  }
  return short_code(code, lang);
}

std::string Directory::product(std::string_view gtin14, Lang lang) const {
  const auto found = products_.find(gtin14);
  if (found == products_.end()) return {};
  const bool zh = lang == Lang::zh && !found->second.name_zh.empty();
  return shown(zh ? found->second.name_zh : found->second.name);
}

std::string Directory::product_of(std::string_view code, Lang lang) const {
  const auto parsed = parse_code(code);
  return parsed && !parsed->gtin().empty() ? product(parsed->gtin(), lang) : std::string();
}

std::string Directory::short_code(std::string_view code, Lang lang) {
  const auto parsed = parse_code(code);
  if (!parsed) return shown(code);
  const std::string_view tail = last_part(parsed->text());
  const auto named = [&](Say what, std::string_view value) {
    return shown(std::string(say(what, lang)) + " " + std::string(value));
  };
  switch (parsed->type()) {
    case CodeType::gtin_class:
      return named(Say::code_class, parsed->gtin());
    case CodeType::lot:
      return named(Say::code_lot, parsed->lot());
    case CodeType::serial:
      return named(Say::code_serial, parsed->serial());
    case CodeType::sscc:
      return named(Say::code_sscc, tail);
    case CodeType::location:
      return named(Say::code_gln, tail);
    case CodeType::container:
      return named(Say::code_container, tail);
    case CodeType::parcel:
      return named(Say::code_parcel, tail);
    case CodeType::order:
      return named(Say::code_order, tail);
    case CodeType::payment:
      return named(Say::code_payment, tail);
    case CodeType::customs_list:
      return named(Say::code_customs_list, tail);
    case CodeType::document:
      return named(Say::code_document, tail);
    case CodeType::variant:
    case CodeType::asset:
    case CodeType::other_gs1:
    case CodeType::uri:
      break;
  }
  return shown(parsed->text());
}

}  // namespace suyuan
