#include "node/ops/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <iterator>

namespace suyuan {
namespace {

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Counter& batches(prometheus::Registry& registry, const char* outcome) {
  return prometheus::BuildCounter()
      .Name("suyuan_batches_total")
      .Help("Batches by outcome")
      .Register(registry)
      .Add({{"outcome", outcome}});
}

prometheus::Counter& notices(prometheus::Registry& registry, const char* outcome) {
  return prometheus::BuildCounter()
      .Name("suyuan_notices_total")
      .Help("Notices by outcome")
      .Register(registry)
      .Add({{"outcome", outcome}});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Histogram& histogram(prometheus::Registry& registry, const char* name, const char* help,
                                 prometheus::Histogram::BucketBoundaries bounds) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add(
      {}, std::move(bounds));
}

const prometheus::Histogram::BucketBoundaries kSeconds = {0.0001, 0.0003, 0.001, 0.003, 0.01,
                                                          0.03,   0.1,    0.3,   1,     3};

}  // namespace

Metrics::Metrics()
    : refusals_(prometheus::BuildCounter()
                    .Name("suyuan_refusals_total")
                    .Help("Refused submissions by rule")
                    .Register(registry_)),
      witnesses_(prometheus::BuildCounter()
                     .Name("suyuan_witness_requests_total")
                     .Help("Checkpoints shown to a witness, by result")
                     .Register(registry_)),
      seal_seconds_(prometheus::BuildHistogram()
                        .Name("suyuan_seal_seconds")
                        .Help("Steps of a seal; publish is from its commit to its publication")
                        .Register(registry_)),
      batches_accepted(batches(registry_, "accepted")),
      batches_repeated(batches(registry_, "repeated")),
      batches_refused(batches(registry_, "refused")),
      batches_busy(batches(registry_, "busy")),
      notices_accepted(notices(registry_, "accepted")),
      notices_repeated(notices(registry_, "repeated")),
      notices_refused(notices(registry_, "refused")),
      notices_busy(notices(registry_, "busy")),
      events_accepted(
          counter(registry_, "suyuan_events_accepted_total", "Events in accepted batches")),
      groups_committed(counter(registry_, "suyuan_groups_committed_total", "Synced commits")),
      questions(counter(registry_, "suyuan_questions_total", "Questions answered or refused")),
      seals(counter(registry_, "suyuan_seals_total", "Seals committed")),
      log_leaves(gauge(registry_, "suyuan_log_leaves", "Leaves of the log")),
      workers_queued(gauge(registry_, "suyuan_workers_queued", "Work waiting for a thread")),
      read_only(gauge(registry_, "suyuan_read_only", "1 after a failed write, until the restart")),
      published_size(
          gauge(registry_, "suyuan_published_size", "Leaves of the newest published checkpoint")),
      checkpoint_age_seconds(gauge(registry_, "suyuan_checkpoint_age_seconds",
                                   "Since the log time of the newest published checkpoint")),
      group_batches(histogram(registry_, "suyuan_group_batches", "Batches in a synced commit",
                              {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024})),
      commit_seconds(
          histogram(registry_, "suyuan_commit_seconds", "Write and sync of one group", kSeconds)),
      apply_seconds(histogram(registry_, "suyuan_apply_seconds", "Apply of one group", kSeconds)),
      seal_fold_seconds(seal_seconds_.Add({{"step", "fold"}}, kSeconds)),
      seal_sign_seconds(seal_seconds_.Add({{"step", "sign"}}, kSeconds)),
      seal_witness_seconds(seal_seconds_.Add({{"step", "witness"}}, kSeconds)),
      seal_publish_seconds(seal_seconds_.Add({{"step", "publish"}}, kSeconds)) {}

std::string Metrics::text() const {
  auto families = registry_.Collect();
  if (store_) {
    auto more = store_families(store_());
    std::move(more.begin(), more.end(), std::back_inserter(families));
  }
  for (const auto& families_of : more_) {
    auto more = families_of();
    std::move(more.begin(), more.end(), std::back_inserter(families));
  }
  return prometheus::TextSerializer().Serialize(families);
}

void Metrics::batch_refused(const Errors& errors) {
  batches_refused.Increment();
  refused(errors);
}

void Metrics::notice_refused(const Errors& errors) {
  notices_refused.Increment();
  refused(errors);
}

void Metrics::refused(const Errors& errors) {
  for (const Error& error : errors) {
    refusals_.Add({{"code", std::string(info(error.code).name)}}).Increment();
  }
}

void Metrics::asked_witness(const std::string& witness, bool cosigned) {
  witnesses_.Add({{"witness", witness}, {"outcome", cosigned ? "cosigned" : "failed"}}).Increment();
}

}  // namespace suyuan
