// Turns counters that are kept elsewhere into Prometheus families at one moment.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>

namespace suyuan {

inline prometheus::MetricFamily counter_family(const char* name, const char* help) {
  prometheus::MetricFamily family;
  family.name = name;
  family.help = help;
  family.type = prometheus::MetricType::Counter;
  return family;
}

// An empty label name adds no label.
inline void add_count(prometheus::MetricFamily& family, uint64_t value, const char* label = "",
                      const std::string& text = {}) {
  prometheus::ClientMetric metric;
  if (*label != '\0') {
    metric.label.emplace_back();
    metric.label.back().name = label;
    metric.label.back().value = text;
  }
  metric.counter.value = static_cast<double>(value);
  family.metric.push_back(std::move(metric));
}

inline prometheus::MetricFamily gauge_family(const char* name, const char* help, double value) {
  prometheus::MetricFamily family = counter_family(name, help);
  family.type = prometheus::MetricType::Gauge;
  family.metric.emplace_back();
  family.metric.back().gauge.value = value;
  return family;
}

}  // namespace suyuan
