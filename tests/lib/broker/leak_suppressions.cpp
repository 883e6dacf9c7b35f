// Paho C 1.3.12 sometimes forgets to free publishes that are still unsent when their client is
// destroyed: at most a window of them, once, at the end of a program. We cannot mend that, and it
// is no reason to run without the leak sanitizer. Losing a connection leaks nothing.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libpaho-mqtt3as\n";
}
