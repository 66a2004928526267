// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/core/parallel.h"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace stillpoint {

#ifdef _OPENMP
void setThreadCount(int count) {
    omp_set_num_threads(std::max(1, count));
}
int threadCount() {
    return omp_get_max_threads();
}
int hardwareThreads() {
    return omp_get_num_procs();
}
#else
void setThreadCount(int) {}
int threadCount() {
    return 1;
}
int hardwareThreads() {
    return 1;
}
#endif

}  // namespace stillpoint
