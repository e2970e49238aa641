// Dense vectors and matrices: Eigen, named once.

#pragma once

#include <Eigen/Dense>

namespace titrate {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

}  // namespace titrate
