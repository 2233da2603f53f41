// The code's own chain and the stored findings of an event.
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/provenance/provenance.h"

namespace suyuan {
namespace {

Unexpected<Error> corrupt_row(Table table) {
  return fail(Code::CORRUPT, "a key of table " + std::string(word(table)) + " has a wrong length");
}

}  // namespace

Result<std::vector<ChainEntry>> chain_of(const Reader& reader, std::string_view code,
                                         uint64_t from_n, size_t limit, const AsOf& as_of) {
  const Hash key = code_key(code);
  SUYUAN_TRY(first, get<StoredLink>(reader, Table::chain, chain_key(key, 1)));
  if (!first || (as_of.known_at && first->place.leaf >= *as_of.known_at)) {
    return fail(Code::NOT_FOUND, "no event names " + quoted(code), "code");
  }
  std::vector<ChainEntry> entries;
  std::optional<Error> error;
  auto add = [&](BytesView row_key, BytesView row) {
    // Links are in log order: after the first one that is too new, all are too new.
    if (entries.size() == limit) return false;
    ChainEntry entry;
    Decoder number(row_key.substr(Hash::kSize));
    auto link = decode<StoredLink>(row);
    if (!number.get_u64(entry.n) || !number.done() || !link) {
      error = link ? corrupt_row(Table::chain).error() : link.error();
      return false;
    }
    if (as_of.known_at && link->place.leaf >= *as_of.known_at) return false;
    entry.link = *std::move(link);
    entries.push_back(std::move(entry));
    return true;
  };
  SUYUAN_TRY_DONE(reader.scan(Table::chain, chain_key(key, from_n), after_prefix(key.view()),
                              Direction::ascending, add));
  if (error) return Unexpected(*std::move(error));
  return entries;
}

Result<std::vector<Finding>> findings_at(const Reader& reader, Place place) {
  std::vector<Finding> findings;
  std::optional<Error> error;
  auto add = [&](BytesView, BytesView row) {
    auto finding = decode<Finding>(row);
    if (!finding) {
      error = finding.error();
      return false;
    }
    findings.push_back(*std::move(finding));
    return true;
  };
  const Bytes prefix = place_key(place);
  SUYUAN_TRY_DONE(
      reader.scan(Table::finding, prefix, after_prefix(prefix), Direction::ascending, add));
  if (error) return Unexpected(*std::move(error));
  return findings;
}

}  // namespace suyuan
