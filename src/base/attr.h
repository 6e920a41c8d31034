/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attributes of the compiler. Includes nothing. */
#ifndef REEVE_BASE_ATTR_H
#define REEVE_BASE_ATTR_H

#define MUSTCHECK __attribute__((warn_unused_result))
#define PRINTF(text, first) __attribute__((format(printf, text, first)))
#define NORETURN __attribute__((noreturn))

/* 1 in a build with AddressSanitizer. */
#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER 1
#endif
#endif
#ifndef ADDRESS_SANITIZER
#define ADDRESS_SANITIZER 0
#endif

#define NELEM(array) (sizeof(array) / sizeof((array)[0]))

#endif
