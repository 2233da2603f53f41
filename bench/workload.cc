#include "bench/workload.h"

#include <filesystem>

#include "bench/must.h"
#include "bench/shipment.h"

namespace suyuan::bench {
namespace {

Store& started(Store& store) {
  start_ledger(store, kStartMs);
  return store;
}

}  // namespace

BenchFolder::BenchFolder() {
  path_ = (std::filesystem::temp_directory_path() / "suyuan-bench-XXXXXX").string();
  if (::mkdtemp(path_.data()) == nullptr) give_up("cannot make a folder like " + path_);
}

BenchFolder::~BenchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::unique_ptr<RocksStore> fresh_rocks(const BenchFolder& folder) {
  RocksOptions options;
  options.path = folder.path() + "/store";
  options.create = true;
  return must(open_rocks(options));
}

Workload::Workload(Store& store) : posting_(started(store), bench_key(kRegistrar)) {
  posting_.register_party(kMaker, Role::manufacturer, kStartMs);
  posting_.register_product(gtin_of(Goods::can), kMaker, kStartMs);
}

TraceEvent Workload::event() {
  TraceEvent made;
  made.type = EventType::object;
  made.kind = Kind::origin;
  made.action = Action::add;
  made.event_time = {.ms = kStartMs, .offset_minutes = 0};
  made.step = "commissioning";
  made.disposition = "active";
  const Hash serial = seeded("unit", ++units_);
  made.objects.push_back({.code = "https://id.gs1.org/01/" + gtin_of(Goods::can) + "/21/" +
                                  to_hex(serial.view().substr(0, 10))});
  return made;
}

std::vector<TraceEvent> Workload::events(size_t count) {
  std::vector<TraceEvent> made;
  for (size_t i = 0; i < count; ++i) made.push_back(event());
  return made;
}

std::vector<VerifiedBatch> Workload::group(size_t batches, size_t batch) {
  std::vector<VerifiedBatch> made;
  for (size_t i = 0; i < batches; ++i) made.push_back(posting_.batch(kMaker, events(batch)));
  return made;
}

}  // namespace suyuan::bench
