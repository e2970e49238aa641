// How much one request may cost, counted and not timed, so that the same request is refused on every machine or on none.
//
// Whoever answers requests opens an account; what costs (steps of a solver, matrix exponentials, nodes of a compiled model)
// spends from it wherever it runs, and the unit is about a nanosecond of native code. An account that is used up ends the request
// by an OutOfWork, which only the owner of the account catches: no half-done result can be kept or taken for a whole one. The
// account is that of the innermost Work alive; without one nothing is counted. It changes no answer, but for refusing one.

#pragma once

namespace titrate {

struct OutOfWork {};  // no std::exception: nothing on the way may take it for a numerical failure

class Work {
 public:
  explicit Work(double most) : left_(most), outer_(current_) { current_ = this; }
  ~Work() { current_ = outer_; }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  [[nodiscard]] double left() const { return left_; }

  // Throws OutOfWork once more has been spent than there was.
  static void spend(double units) {
    if (current_ != nullptr && (current_->left_ -= units) < 0.0) throw OutOfWork{};
  }

 private:
  double left_;
  Work* outer_;
  static inline thread_local Work* current_ = nullptr;
};

}  // namespace titrate
