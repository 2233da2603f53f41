#include "node/pipeline/order_place.h"

#include "ledger/apply/apply.h"
#include "ledger/apply/log_reader.h"
#include "ledger/base/coding.h"
#include "ledger/crypto/hash.h"
#include "ledger/merkle/proof.h"

namespace suyuan {
namespace {

constexpr std::string_view kOrderKey = "order";
constexpr std::string_view kGenerationKey = "generation";
constexpr std::string_view kErasePlaceKey = "erase-place";

}  // namespace

Change order_place_row(const OrderPlace& place) {
  Bytes value;
  put_u64(value, place.position);
  value += place.mark.view();
  return {.table = Table::meta, .key = Bytes(kOrderKey), .value = std::move(value)};
}

Result<std::optional<OrderPlace>> read_order_place(const Reader& reader) {
  SUYUAN_TRY(value, reader.get(Table::meta, kOrderKey));
  if (!value) return std::optional<OrderPlace>();
  SUYUAN_TRY(head, read_head(reader));
  Decoder in(*value);
  OrderPlace place;
  if (!in.get_u64(place.position) || !in.get_fixed(place.mark) || !in.done() ||
      place.position != head.position) {
    return fail(Code::CORRUPT, "the store's place in the ordered log is not that of its head, "
                               "group " + std::to_string(head.position) +
                                   ". Keep this store as evidence, and restore a copy");
  }
  return std::optional(place);
}

Change generation_row(std::string_view log, const OrderPlace& base) {
  Bytes value;
  put_u64(value, base.position);
  value += base.mark.view();
  value += log;
  return {.table = Table::meta, .key = Bytes(kGenerationKey), .value = std::move(value)};
}

Result<OrderPlace> read_generation(const Reader& reader, std::string_view log) {
  SUYUAN_TRY(value, reader.get(Table::meta, kGenerationKey));
  if (!value) return OrderPlace{};
  Decoder in(*value);
  OrderPlace base;
  if (!in.get_u64(base.position) || !in.get_fixed(base.mark)) {
    return fail(Code::CORRUPT, "the store's row of where its log began anew cannot be read. Keep "
                               "this store for inquiry, and restore a copy");
  }
  return in.rest() == log ? base : OrderPlace{};
}

Change erase_place_row(uint64_t position) {
  return {.table = Table::meta, .key = Bytes(kErasePlaceKey), .value = u64_key(position)};
}

uint64_t read_erase_place(const Reader& reader) {
  const auto value = reader.get(Table::meta, kErasePlaceKey);
  if (!value || !*value) return 0;
  uint64_t position = 0;
  Decoder in(**value);
  return in.get_u64(position) && in.done() ? position : 0;
}

Result<OrderPlace> place_of_ledger(const Reader& reader) {
  SUYUAN_TRY(head, read_head(reader));
  const TreeRows rows(reader);
  SUYUAN_TRY(root, root_of(TiledNodes(rows), head.leaves));
  Bytes counts;
  put_u64(counts, head.position);
  put_u64(counts, head.leaves);
  return OrderPlace{
      .position = head.position,
      .mark = domain_hash("suyuan/order/base/v1\n", {head.genesis.view(), counts, root.view()})};
}

}  // namespace suyuan
