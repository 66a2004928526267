// SPDX-License-Identifier: GPL-3.0-or-later
// Runs before anything else of both programs. Compiled for the oldest x86-64, unlike the rest.
#include <stdlib.h>
#include <unistd.h>

namespace {

// Without this check an older processor would stop the program with no word at its first modern instruction.
#if defined(__x86_64__) && defined(STILLPOINT_NEEDS_V3)
void say(const char* text, size_t length) {
    if (write(STDERR_FILENO, text, length) < 0) _exit(2);
}

void refuseOldProcessors() {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
        return;
    constexpr char kText[] =
        "stillpoint: this program was built for processors with AVX2 (x86-64-v3), which this one is not; "
        "build it with "
        "-DSTILLPOINT_ARCH=x86-64.\n";
    say(kText, sizeof kText - 1);
    _exit(2);
}
#else
void refuseOldProcessors() {}
#endif

// Threads that wait for each other must sleep, not spin: when the window or another program takes a core,
// spinning threads held up an iteration of 3 ms for up to 80 ms. The OpenMP library reads its settings when
// it is loaded, so the program starts itself anew with the setting; a user's own setting stands.
void sleepWhileWaiting(char** argv) {
    if (getenv("OMP_WAIT_POLICY") != nullptr) return;
    if (setenv("OMP_WAIT_POLICY", "passive", 0) != 0) return;
    char program[4096] = {};
    // The link itself would do, but then process lists would call the program "exe".
    if (readlink("/proc/self/exe", program, sizeof program - 1) <= 0) return;
    execv(program, argv);  // returns only on failure: then waiting spins, which costs speed alone
}

__attribute__((constructor(101))) void start(int, char** argv, char**) {
    refuseOldProcessors();
    sleepWhileWaiting(argv);
}

}  // namespace
