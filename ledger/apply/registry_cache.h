// What a group reads of the registry, each row once. Forget it after every registry batch.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ledger/registry/state.h"

namespace suyuan {

class RegistryCache {
 public:
  explicit RegistryCache(const Reader& state) : state_(state) {}

  // Null: not registered. Valid until forget().
  Result<const PartyState*> party(std::string_view id) {
    return cached(parties_, id, [&] { return find_party(state_, id); });
  }
  Result<const ProductData*> product(std::string_view gtin14) {
    return cached(products_, gtin14, [&] { return find_product(state_, gtin14); });
  }
  void forget() {
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
  Rows<PartyState> parties_;
  Rows<ProductData> products_;
};

}  // namespace suyuan
