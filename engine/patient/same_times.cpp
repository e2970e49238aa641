#include "patient/same_times.hpp"

#include <iterator>

namespace titrate {

namespace {

template <typename AnyPatient, typename Visit>
void each_time(AnyPatient& patient, const Visit& visit) {
  for (auto& dose : patient.doses) visit(dose.time);
  for (auto& observation : patient.observations) visit(observation.time);
  for (auto& reset : patient.resets) visit(reset.time);
  for (auto& [name, course] : patient.covariates)
    for (auto& time : course.time) visit(time);
  for (auto& [name, course] : patient.inputs)
    for (auto& piece : course.pieces) {
      visit(piece.from);
      if (piece.to) visit(*piece.to);
    }
  if (patient.occasions)
    for (auto& time : patient.occasions->time) visit(time);
}

}  // namespace

std::vector<double> record_times(const Patient& patient) {
  std::vector<double> times;
  each_time(patient, [&](const double& time) { times.push_back(time); });
  std::sort(times.begin(), times.end());
  return times;
}

std::optional<Patient> with_same_times(const Patient& patient) {
  std::vector<double> distinct;
  bool differ = false;
  for (const double time : record_times(patient)) {
    const bool same = !distinct.empty() && time - distinct.back() <= time_rounding(time);
    differ = differ || (same && time != distinct.back());
    if (!same) distinct.push_back(time);
  }
  if (!differ) return std::nullopt;
  Patient aligned = patient;
  each_time(aligned, [&](double& time) { time = *std::prev(std::upper_bound(distinct.begin(), distinct.end(), time)); });
  return aligned;
}

}  // namespace titrate
