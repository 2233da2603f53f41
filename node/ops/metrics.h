// Counters of the node, in Prometheus text form at /metrics. Names: docs/metrics.md.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <functional>
#include <string>
#include <vector>

#include "ledger/base/error.h"
#include "node/ops/store_metrics.h"

namespace suyuan {

class Metrics {
 public:
  Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  // Text exposition format 0.0.4.
  std::string text() const;
  // Adds the store's readings to text(). Call before the first text(); `readings` must outlive
  // this.
  void watch(std::function<StoreReadings()> readings) { store_ = std::move(readings); }
  // Adds further families to text(). Call before the first text(); what it reads must outlive this.
  void also(std::function<std::vector<prometheus::MetricFamily>()> families) {
    more_.push_back(std::move(families));
  }
  // Counts one refused submission, and each of its errors by code.
  void batch_refused(const Errors& errors);
  void notice_refused(const Errors& errors);
  void asked_witness(const std::string& witness, bool cosigned);

 private:
  void refused(const Errors& errors);
  prometheus::Registry registry_;  // Before the members that live in it.
  prometheus::Family<prometheus::Counter>& refusals_;
  prometheus::Family<prometheus::Counter>& witnesses_;
  prometheus::Family<prometheus::Histogram>& seal_seconds_;
  std::function<StoreReadings()> store_;
  std::vector<std::function<std::vector<prometheus::MetricFamily>()>> more_;

 public:
  prometheus::Counter& batches_accepted;
  prometheus::Counter& batches_repeated;
  prometheus::Counter& batches_refused;
  prometheus::Counter& batches_busy;
  prometheus::Counter& notices_accepted;
  prometheus::Counter& notices_repeated;
  prometheus::Counter& notices_refused;
  prometheus::Counter& notices_busy;
  prometheus::Counter& events_accepted;
  prometheus::Counter& groups_committed;
  prometheus::Counter& questions;
  prometheus::Counter& seals;
  prometheus::Gauge& log_leaves;
  prometheus::Gauge& workers_queued;
  prometheus::Gauge& read_only;
  prometheus::Gauge& published_size;
  prometheus::Gauge& checkpoint_age_seconds;
  prometheus::Histogram& group_batches;
  prometheus::Histogram& commit_seconds;
  prometheus::Histogram& apply_seconds;
  prometheus::Histogram& seal_fold_seconds;
  prometheus::Histogram& seal_sign_seconds;
  prometheus::Histogram& seal_witness_seconds;
  prometheus::Histogram& seal_publish_seconds;
};

}  // namespace suyuan
