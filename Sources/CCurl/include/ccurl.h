// What Hunch needs of libcurl: one POST at a time, waited for in short steps.
//
// The library is opened when it is asked for, and not linked: it brings some 25 others, which no
// command that asks no service should load.

#ifndef HUNCH_CCURL_H
#define HUNCH_CCURL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// An open libcurl.
typedef struct ccurl_library ccurl_library;

/// A connection, and the request that is under way on it. For one thread at a time.
typedef struct ccurl ccurl;

/// A request. Nothing of it is needed once it has begun.
typedef struct {
  const char *url;
  /// A whole header `Authorization: …`, or NULL.
  const char *authorization;
  const void *body;
  size_t body_count;
  /// The most bytes of an answer; more end it.
  size_t largest_answer;
  long connect_milliseconds;
  long whole_milliseconds;
  /// No proxy, whatever the environment says.
  bool is_direct;
  /// A file of trusted certificates, or NULL for the system's.
  const char *certificates;
} ccurl_request;

/// How a request ended.
typedef enum {
  /// With an answer; its status says which.
  CCURL_ANSWERED,
  CCURL_NO_CONNECTION,
  CCURL_NO_CONNECTION_IN_TIME,
  /// A proxy makes none; the status is its own.
  CCURL_PROXY_REFUSES,
  CCURL_NO_ANSWER_IN_TIME,
  CCURL_BROKE_OFF,
  /// The connection was closed in the middle of the answer.
  CCURL_INCOMPLETE,
  CCURL_TOO_LARGE,
  CCURL_NOT_HTTP,
  CCURL_BAD_ADDRESS,
  CCURL_NO_TRUST,
  CCURL_EXPIRED,
  CCURL_OTHER_HOST,
  CCURL_NO_HANDSHAKE,
  CCURL_NO_CERTIFICATES,
} ccurl_outcome;

/// Opens the first of some libraries that is there; NULL where none is. It stays open.
ccurl_library *ccurl_open(const char *const *names, size_t count);

/// Makes a connection of a library; NULL where there is no memory. `ccurl_free` ends it.
ccurl *ccurl_new(const ccurl_library *library);
void ccurl_free(ccurl *curl);

/// Begins a request, on the connection of the last one if it is still open; false where there is no
/// memory.
bool ccurl_begin(ccurl *curl, const ccurl_request *request);

/// Goes on with it, and waits at most so long for something to happen; false when it has ended.
bool ccurl_step(ccurl *curl, int milliseconds);

/// What came of a successful answer since `ccurl_forget` was called last.
const uint8_t *ccurl_received(const ccurl *curl, size_t *count);
void ccurl_forget(ccurl *curl);

/// Ends a request, finished or not, and says how it went.
ccurl_outcome ccurl_end(ccurl *curl);

/// The status of the answer, 0 where there is none. Until the next request begins.
long ccurl_status(const ccurl *curl);

/// The header `Retry-After`, empty where there is none. Until the next request begins.
const char *ccurl_retry_after(const ccurl *curl);

/// Whether the service may have got the request. Until the next one begins.
bool ccurl_was_sent(const ccurl *curl);

#ifdef __cplusplus
}
#endif

#endif
