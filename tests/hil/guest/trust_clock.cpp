// Marks the kernel's clock as synchronised, as a time service does: the board's clock is QEMU's,
// and that is this machine's.
#include <sys/timex.h>

int main() {
    timex clock{};
    clock.modes = ADJ_STATUS | ADJ_MAXERROR | ADJ_ESTERROR;
    clock.status = STA_PLL;
    return adjtimex(&clock) == TIME_ERROR ? 1 : 0;
}
