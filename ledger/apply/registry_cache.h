// Caches the registry rows that a group reads. Call forget() after every registry batch.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ledger/registry/state.h"

namespace suyuan {

class RegistryCache {
 public:
  explicit RegistryCache(const Reader& state) : state_(state) {}

  // Returns null if not registered. Valid until forget().
  Result<const PartyState*> party(std::string_view id) {
    return cached(parties_, id, [&] { return find_party(state_, id); });
  }
  Result<const ProductData*> product(std::string_view gtin14) {
    return cached(products_, gtin14, [&] { return find_product(state_, gtin14); });
  }
  // Returns the party that a source or destination names (registry/state.h). Valid until forget().
  Result<std::string_view> named(std::string_view id) {
    auto row = names_.find(id);
    if (row == names_.end()) {
      SUYUAN_TRY(found, party_named(state_, id));
      row = names_.emplace(std::string(id), std::move(found)).first;
    }
    return std::string_view(row->second);
  }
  // Returns the number of cached rows, so that the owner can bound them.
  size_t size() const { return names_.size() + parties_.size() + products_.size(); }
  void forget() {
    names_.clear();
    parties_.clear();
    products_.clear();
  }

 private:
  template <class T>
  using Rows = std::map<std::string, std::optional<T>, std::less<>>;

  template <class T, class Find>
  static Result<const T*> cached(Rows<T>& rows, std::string_view id, const Find& find) {
    auto row = rows.find(id);
    if (row == rows.end()) {
      SUYUAN_TRY(found, find());
      row = rows.emplace(std::string(id), std::move(found)).first;
    }
    return row->second ? &*row->second : nullptr;
  }

  const Reader& state_;
  std::map<std::string, std::string, std::less<>> names_;
  Rows<PartyState> parties_;
  Rows<ProductData> products_;
};

}  // namespace suyuan
