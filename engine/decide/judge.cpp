#include "decide/judge.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/stable_order.hpp"
#include "decide/curve_between.hpp"
#include "decide/proportion.hpp"
#include "decide/superposed_plans.hpp"
#include "sim/history.hpp"
#include "sim/simulation.hpp"

namespace titrate {

namespace {

bool is_of_area(Metric metric) { return metric == Metric::auc24 || metric == Metric::auc || metric == Metric::cavg; }

bool alike(const Question& a, const Question& b) {
  const auto &x = a.regimen, &y = b.regimen;
  return x && y && x->dur == y->dur && x->ii == y->ii && x->route == y->route && x->start == y->start && x->doses == y->doses &&
         a.window.window.from == b.window.window.from && a.window.window.to == b.window.window.to &&
         a.window.trough_time == b.window.trough_time && a.window.steady_state == b.window.steady_state;
}

// What is read from the curves of one question under one future.
struct Readings {
  std::vector<Eigen::Index> draws;
  std::vector<double> h, peak, trough;
  int failed = 0;
};

class Judge {
 public:
  // `under`: the futures of each question.
  Judge(const Judging& judging, const std::vector<Question>& questions, std::vector<std::vector<std::size_t>> under)
      : judging_(judging), model_(*judging.situation.model), questions_(questions), under_(std::move(under)) {}

  // By superposition: all futures of all plans at once. False where it says nothing.
  bool superposed(const std::vector<Eigen::Index>& draws) {
    find_families();
    auto plans = SuperposedPlans::make(judging_, questions_, families_);
    return plans && read_all(draws, [&](Eigen::Index draw, std::size_t variant) {
             if (!plans->read(*individual_, variant, history_)) return false;
             for (std::size_t f = 0; f < families_.size(); ++f) note(families_[f], plans->of(f), draw);
             return true;
           });
  }

  // By the curve of each plan or of the ends of a family.
  bool simulated(const std::vector<Eigen::Index>& draws) {
    find_families();
    return read_curves(draws);
  }

  Result<std::vector<Judged>> verdict() {
    if (!problems_.empty()) return problems_;
    std::vector<Judged> judged;
    for (std::size_t q = 0; q < questions_.size(); ++q) {
      auto worst = worst_of(q);
      if (!worst) return problems_;
      judged.push_back(std::move(*worst));
    }
    return judged;
  }

 private:
  // Questions that are answered together under one future: by a curve each, or by the curves of the least and the largest amount.
  struct Task {
    std::vector<std::size_t> questions;
    std::size_t future = 0;
    bool line = false;
    std::vector<Probe> probes;
    std::vector<ProbeCurves> readers;  // of each probe
    std::vector<const Curve*> curves;  // likewise, in one draw; null: no prediction
  };

  void find_families() {
    std::vector<std::vector<std::size_t>> families;
    for (std::size_t q = 0; q < questions_.size(); ++q) {
      auto family = std::find_if(families.begin(), families.end(), [&](const auto& known) {
        return alike(questions_[known.front()], questions_[q]) && under_[known.front()] == under_[q];
      });
      if (family == families.end()) family = families.insert(families.end(), std::vector<std::size_t>{});
      family->push_back(q);
    }
    const auto smaller = [&](std::size_t a, std::size_t b) { return amount(a) < amount(b); };
    for (auto& family : families) {
      sort_stably(family.begin(), family.end(), smaller);
      for (const std::size_t future : under_[family.front()]) families_.push_back({family, future});
    }
  }

  // Each draw that does not repeat the one before it. False as soon as `read` says so of one.
  template <class Read>
  bool read_all(const std::vector<Eigen::Index>& draws, Read read) {
    readings_.assign(questions_.size(), std::vector<Readings>(judging_.futures.size()));
    for (std::size_t q = 0; q < questions_.size(); ++q)
      for (const std::size_t future : under_[q]) make_room(readings_[q][future], draws.size());
    for (std::size_t i = 0; i < draws.size(); ++i) {
      if (i > 0 && repeats(draws[i], draws[i - 1])) {
        read_again(draws[i], draws[i - 1]);
      } else {
        become(draws[i]);
        if (!read(draws[i], judging_.posterior.variant_of(draws[i]))) return false;
      }
      if (judging_.progress) judging_.progress(static_cast<double>(i + 1) / static_cast<double>(draws.size()));
    }
    return true;
  }

  void make_room(Readings& r, std::size_t draws) const {
    r.draws.reserve(draws);
    r.h.reserve(draws);
    if (!judging_.extremes) return;
    r.peak.reserve(draws);
    r.trough.reserve(draws);
  }

  void become(Eigen::Index draw) {
    const Vector eta = judging_.posterior.draws.col(draw);
    if (individual_)
      individual_->become(eta);
    else
      individual_.emplace(model_, eta);
    history_.forget();
  }

  void note(const PlanFamily& family, const SuperposedPlans::Reading* reading, Eigen::Index draw) {
    for (const std::size_t q : family.questions) {
      Readings& r = readings_[q][family.future];
      r.draws.push_back(draw);
      r.h.push_back(reading->metric);
      if (judging_.extremes) {
        r.peak.push_back(reading->peak);
        r.trough.push_back(reading->trough);
      }
      ++reading;
    }
  }

  bool read_curves(const std::vector<Eigen::Index>& draws) {
    for (const PlanFamily& family : families_)
      if (!add_task(family.questions, family.future)) return false;
    return read_all(draws, [&](Eigen::Index draw, std::size_t variant) {
      for (Task& task : tasks_) read(task, draw, variant);
      return true;
    });
  }

  bool add_task(const std::vector<std::size_t>& family, std::size_t future) {
    Task task{family, future, false, {}, {}, {}};
    const auto add_probe = [&](std::size_t q) {
      auto probe = make_probe(judging_.situation, questions_[q].regimen, questions_[q].window, judging_.futures[future],
                              area_alone() ? ReadFor::area : ReadFor::anything);
      if (!probe) problems_ = probe.diagnostics();
      if (probe) task.probes.push_back(std::move(*probe));
      return bool(probe);
    };
    if (family.size() > 2 && amount(family.front()) < amount(family.back())) {
      if (!add_probe(family.front()) || !add_probe(family.back())) return false;
      task.line = on_a_line(model_, task.probes.front(), task.probes.back(), judging_.aim.output, judging_.simulate);
    }
    if (!task.line) {
      task.probes.clear();
      for (const std::size_t q : family)
        if (!add_probe(q)) return false;
    }
    add_readers(task);
    tasks_.push_back(std::move(task));
    return true;
  }

  void add_readers(Task& task) const {
    SimulateOptions options = judging_.simulate;
    options.auc = true;
    options.slopes = !area_alone();
    for (const Probe& probe : task.probes) task.readers.emplace_back(model_, probe, judging_.aim.output, options);
  }

  [[nodiscard]] bool area_alone() const { return !judging_.extremes && is_of_area(judging_.aim.metric); }

  [[nodiscard]] double amount(std::size_t question) const {
    return questions_[question].regimen ? questions_[question].regimen->amt : 0.0;
  }

  [[nodiscard]] bool repeats(Eigen::Index draw, Eigen::Index before) const {
    const Posterior& posterior = judging_.posterior;
    return posterior.draws.col(draw) == posterior.draws.col(before) && posterior.variant_of(draw) == posterior.variant_of(before);
  }

  void read(Task& task, Eigen::Index draw, std::size_t variant) {
    task.curves.clear();
    for (ProbeCurves& reader : task.readers) task.curves.push_back(reader.of(*individual_, variant, &history_, &why_));
    if (task.line) return note_between(task, draw);
    for (std::size_t i = 0; i < task.questions.size(); ++i) note_own(task.questions[i], task.future, draw, task.curves[i]);
  }

  [[nodiscard]] bool is_of_nadir() const {
    return judging_.aim.metric == Metric::nadir || judging_.aim.metric == Metric::nadir_time;
  }

  void note_own(std::size_t q, std::size_t future, Eigen::Index draw, const Curve* read) {
    Readings& r = readings_[q][future];
    if (read == nullptr) {
      ++r.failed;
      return;
    }
    const Curve& curve = *read;
    const double trough_time = questions_[q].window.trough_time;
    r.draws.push_back(draw);
    r.h.push_back(metric_of(judging_.aim, curve, trough_time));
    if (!judging_.extremes) return;
    r.peak.push_back(highest(curve).value);
    r.trough.push_back(is_of_nadir() ? lowest(curve).value : value_at(curve, trough_time));
  }

  void note_between(const Task& task, Eigen::Index draw) {
    const Curve *const least = task.curves.front(), *const most = task.curves.back();
    const bool predicted = least != nullptr && most != nullptr;
    const double from = amount(task.questions.front()), to = amount(task.questions.back());
    const double trough_time = questions_[task.questions.front()].window.trough_time;
    if (predicted) between_.set_ends(*least, *most);
    if (predicted && judging_.extremes) between_.find_gaps(trough_time);
    const bool of_area = predicted && is_of_area(judging_.aim.metric) && least->time.back() > least->time.front();
    for (const std::size_t q : task.questions) {
      Readings& r = readings_[q][task.future];
      if (!predicted) {
        ++r.failed;
        continue;
      }
      between_.move_to((amount(q) - from) / (to - from));
      const Curve& curve = of_area ? between_.areas_at_ends() : between_.whole();
      r.draws.push_back(draw);
      r.h.push_back(metric_of(judging_.aim, curve, trough_time));
      if (!judging_.extremes) continue;
      r.peak.push_back(between_.highest());
      r.trough.push_back(is_of_nadir() ? lowest(curve).value : between_.value_at(trough_time));
    }
  }

  void read_again(Eigen::Index draw, Eigen::Index before) {
    for (std::size_t q = 0; q < questions_.size(); ++q)
      for (const std::size_t future : under_[q]) {
        Readings& r = readings_[q][future];
        if (r.draws.empty() || r.draws.back() != before) {  // the one before failed
          ++r.failed;
          continue;
        }
        r.draws.push_back(draw);
        for (std::vector<double>* const column : {&r.h, &r.peak, &r.trough})
          if (!column->empty()) column->push_back(column->back());
      }
  }

  std::optional<Judged> worst_of(std::size_t question) {
    std::optional<Judged> worst;
    for (const std::size_t future : under_[question]) {
      const Readings& r = readings_[question][future];
      if (r.draws.empty()) {
        const std::string name = label(*model_.model, questions_[question].regimen);
        problems_ = {{"recommend.no_prediction", Severity::error, "", std::nullopt,
                      "No draw has a prediction for " + name + ": " + why_, ""}};
        return std::nullopt;
      }
      Judged one = judged_by(r);
      one.worst = future;
      if (!worst || one.chances.loss > worst->chances.loss) worst = std::move(one);
    }
    return worst;
  }

  Judged judged_by(const Readings& r) const {
    const auto vector = [](const std::vector<double>& values) {
      return Vector(Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size())));
    };
    Judged j;
    j.draws = r.draws;
    j.failed = r.failed;
    j.weights = judging_.posterior.weights(r.draws);
    j.weights /= j.weights.sum();
    j.h = vector(r.h);
    j.peak = vector(r.peak);
    j.trough = vector(r.trough);
    j.losses = losses(judging_.aim.target, j.h);
    j.chances = chances(judging_.aim.target, j.h, j.losses, j.weights);
    return j;
  }

  const Judging& judging_;
  const CompiledModel& model_;
  const std::vector<Question>& questions_;
  std::vector<std::vector<std::size_t>> under_;
  std::vector<PlanFamily> families_;
  std::vector<Task> tasks_;
  std::vector<std::vector<Readings>> readings_;  // of each question under each future
  std::optional<Individual> individual_;         // one draw after another
  History history_;
  CurveBetween between_;
  std::string why_;
  Diagnostics problems_;
};

}  // namespace

Result<std::vector<Judged>> judge(const Judging& judging, const std::vector<Question>& questions,
                                  const std::vector<Eigen::Index>& draws) {
  std::vector<std::size_t> all(judging.futures.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<std::vector<std::size_t>> under(questions.size(), all);
  if (Judge together(judging, questions, under); together.superposed(draws)) return together.verdict();
  const auto by_curves = [&](const Judging& what) {
    Judge judge(what, questions, under);
    static_cast<void>(judge.simulated(draws));
    return judge.verdict();
  };
  if (all.size() == 1 || !judging.extremes || !is_of_area(judging.aim.metric)) return by_curves(judging);
  // Areas alone say which future is the worst; peaks and troughs are wanted of that one only.
  constexpr double share_of_areas = 0.5;
  Judging areas = judging, rest = judging;
  areas.extremes = false;
  if (judging.progress) {
    areas.progress = [&](double part) { judging.progress(share_of_areas * part); };
    rest.progress = [&](double part) { judging.progress(share_of_areas + (1.0 - share_of_areas) * part); };
  }
  const auto judged = by_curves(areas);
  if (!judged) return judged.diagnostics();
  for (std::size_t q = 0; q < questions.size(); ++q) under[q] = {(*judged)[q].worst};
  return by_curves(rest);
}

}  // namespace titrate
