#include "support/allocations.hpp"

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TITRATE_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define TITRATE_SANITIZED
#endif

namespace {
long count = 0;
}

long titrate::support::allocations() { return count; }

#ifdef TITRATE_SANITIZED

extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*, std::size_t),
                                                         void (*)(const volatile void*));
namespace {
const int installed =
    __sanitizer_install_malloc_and_free_hooks([](const volatile void*, std::size_t) { ++count; }, [](const volatile void*) {});
}

#else  // the C library's own, under its other name

#ifdef __EMSCRIPTEN__
extern "C" void* emscripten_builtin_malloc(std::size_t);
#define TITRATE_MALLOC emscripten_builtin_malloc
#else
extern "C" void* __libc_malloc(std::size_t);
#define TITRATE_MALLOC __libc_malloc
#endif

extern "C" void* malloc(std::size_t size) {
  ++count;
  return TITRATE_MALLOC(size);
}

#endif
