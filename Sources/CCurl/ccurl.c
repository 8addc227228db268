#include "ccurl.h"

// Functions are called by pointers, and options that newer libraries call old are known by all.
#define CURL_DISABLE_TYPECHECK
#define CURL_DISABLE_DEPRECATION

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// The library that runs may be newer than the headers, and older: an option that it does not know is
// an error that changes nothing.
#if LIBCURL_VERSION_NUM >= 0x075000
#define HAS_PREREQUEST 1
#else
#define HAS_PREREQUEST 0
#endif

/// More of an error's answer is not waited for.
static const size_t largest_error = 1 << 20;

struct ccurl_library {
  __typeof__(curl_global_init) *global_init;
  __typeof__(curl_easy_init) *easy_init;
  __typeof__(curl_easy_setopt) *easy_setopt;
  __typeof__(curl_easy_getinfo) *easy_getinfo;
  __typeof__(curl_easy_reset) *easy_reset;
  __typeof__(curl_easy_cleanup) *easy_cleanup;
  __typeof__(curl_multi_init) *multi_init;
  __typeof__(curl_multi_setopt) *multi_setopt;
  __typeof__(curl_multi_add_handle) *multi_add_handle;
  __typeof__(curl_multi_remove_handle) *multi_remove_handle;
  __typeof__(curl_multi_perform) *multi_perform;
  __typeof__(curl_multi_poll) *multi_poll;
  __typeof__(curl_multi_info_read) *multi_info_read;
  __typeof__(curl_multi_cleanup) *multi_cleanup;
  __typeof__(curl_slist_append) *slist_append;
  __typeof__(curl_slist_free_all) *slist_free_all;
};

struct ccurl {
  const ccurl_library *library;
  CURL *easy;
  CURLM *multi;
  struct curl_slist *headers;
  bool is_added;
  bool is_done;
  CURLcode code;
  long status;
  size_t largest_answer;
  size_t answer_count;
  uint8_t *received;
  size_t received_count;
  size_t received_room;
  int sendings;
  bool hears_of_sending;
  char retry_after[128];
  char problem[CURL_ERROR_SIZE];
};

ccurl_library *ccurl_open(const char *const *names, size_t count) {
  void *opened = NULL;
  for (size_t index = 0; index < count && !opened; index++) {
    opened = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
  }
  if (!opened) return NULL;
  ccurl_library *library = calloc(1, sizeof *library);
  if (!library) return NULL;
  bool has_all = true;
#define FIND(name)                                                     \
  library->name = (__typeof__(library->name))dlsym(opened, "curl_" #name); \
  has_all = has_all && library->name
  FIND(global_init);
  FIND(easy_init);
  FIND(easy_setopt);
  FIND(easy_getinfo);
  FIND(easy_reset);
  FIND(easy_cleanup);
  FIND(multi_init);
  FIND(multi_setopt);
  FIND(multi_add_handle);
  FIND(multi_remove_handle);
  FIND(multi_perform);
  FIND(multi_poll);
  FIND(multi_info_read);
  FIND(multi_cleanup);
  FIND(slist_append);
  FIND(slist_free_all);
#undef FIND
  if (!has_all || library->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    free(library);
    return NULL;
  }
  return library;
}

ccurl *ccurl_new(const ccurl_library *library) {
  ccurl *curl = calloc(1, sizeof *curl);
  if (!curl) return NULL;
  curl->library = library;
  curl->easy = library->easy_init();
  curl->multi = library->multi_init();
  if (!curl->easy || !curl->multi) {
    ccurl_free(curl);
    return NULL;
  }
  // One request at a time needs no more than its own connection.
  library->multi_setopt(curl->multi, CURLMOPT_MAXCONNECTS, 1L);
  return curl;
}

void ccurl_free(ccurl *curl) {
  if (!curl) return;
  const ccurl_library *library = curl->library;
  if (curl->is_added) library->multi_remove_handle(curl->multi, curl->easy);
  if (curl->easy) library->easy_cleanup(curl->easy);
  if (curl->multi) library->multi_cleanup(curl->multi);
  library->slist_free_all(curl->headers);
  free(curl->received);
  free(curl);
}

/// Takes a part of an answer; less than all of it ends the request.
static size_t receive(char *bytes, size_t size, size_t count, void *context) {
  ccurl *curl = context;
  count *= size;
  long status = 0;
  curl->library->easy_getinfo(curl->easy, CURLINFO_RESPONSE_CODE, &status);
  const bool is_success = status >= 200 && status < 300;
  const size_t largest = is_success ? curl->largest_answer : largest_error;
  if (count > largest - curl->answer_count) return 0;
  curl->answer_count += count;
  // What an error says may repeat what was sent, so nobody reads it.
  if (!is_success) return count;
  const size_t needed = curl->received_count + count;
  if (needed > curl->received_room) {
    const size_t room = needed > 2 * curl->received_room ? needed : 2 * curl->received_room;
    uint8_t *grown = realloc(curl->received, room);
    if (!grown) return 0;
    curl->received = grown;
    curl->received_room = room;
  }
  memcpy(curl->received + curl->received_count, bytes, count);
  curl->received_count = needed;
  return count;
}

static size_t receive_header(char *bytes, size_t size, size_t count, void *context) {
  ccurl *curl = context;
  count *= size;
  static const char name[] = "retry-after:";
  const size_t length = sizeof name - 1;
  if (count >= 5 && strncasecmp(bytes, "http/", 5) == 0) {
    // A new answer, say behind "100 Continue".
    curl->retry_after[0] = 0;
  } else if (count > length && strncasecmp(bytes, name, length) == 0) {
    const size_t rest = count - length;
    const size_t kept = rest < sizeof curl->retry_after ? rest : sizeof curl->retry_after - 1;
    memcpy(curl->retry_after, bytes + length, kept);
    curl->retry_after[kept] = 0;
  }
  return count;
}

#if HAS_PREREQUEST
/// Called before a request goes out. libcurl sends one again by itself where a kept connection was
/// closed; whoever counts requests must know of it.
static int will_send(
  void *context, char *to, char *from, int to_port, int from_port
) {
  ccurl *curl = context;
  (void)to, (void)from, (void)to_port, (void)from_port;
  curl->sendings += 1;
  return curl->sendings > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}
#endif

bool ccurl_begin(ccurl *curl, const ccurl_request *request) {
  const ccurl_library *library = curl->library;
  ccurl_end(curl);
  // Connections are kept.
  library->easy_reset(curl->easy);
  curl->is_done = false;
  curl->code = CURLE_OK;
  curl->status = 0;
  curl->largest_answer = request->largest_answer;
  curl->answer_count = 0;
  curl->received_count = 0;
  curl->sendings = 0;
  curl->retry_after[0] = 0;
  curl->problem[0] = 0;

  const char *lines[] = {
    "Content-Type: application/json", "Accept: application/json",
    // Nobody waits for "100 Continue".
    "Expect:", request->authorization,
  };
  for (size_t index = 0; index < sizeof lines / sizeof *lines; index++) {
    if (!lines[index]) continue;
    struct curl_slist *longer = library->slist_append(curl->headers, lines[index]);
    if (!longer) return false;
    curl->headers = longer;
  }
  CURLcode code = CURLE_OK;
#define SET(option, value) \
  if (code == CURLE_OK) code = library->easy_setopt(curl->easy, option, value)
  SET(CURLOPT_URL, request->url);
  SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
  SET(CURLOPT_FOLLOWLOCATION, 0L);
  SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  SET(CURLOPT_HTTPHEADER, curl->headers);
  // A proxy of an encrypted connection does not get what is for the service.
  SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
  SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  SET(CURLOPT_POST, 1L);
  SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_count);
  SET(CURLOPT_COPYPOSTFIELDS, request->body);
  SET(CURLOPT_CONNECTTIMEOUT_MS, request->connect_milliseconds);
  SET(CURLOPT_TIMEOUT_MS, request->whole_milliseconds);
  SET(CURLOPT_NOSIGNAL, 1L);
  SET(CURLOPT_NOPROGRESS, 1L);
  SET(CURLOPT_ERRORBUFFER, curl->problem);
  SET(CURLOPT_WRITEFUNCTION, receive);
  SET(CURLOPT_WRITEDATA, curl);
  SET(CURLOPT_HEADERFUNCTION, receive_header);
  SET(CURLOPT_HEADERDATA, curl);
  if (request->is_direct) SET(CURLOPT_PROXY, "");
  if (request->certificates) SET(CURLOPT_CAINFO, request->certificates);
#undef SET
  if (code != CURLE_OK) return false;
#if LIBCURL_VERSION_NUM >= 0x075700
  // An end does not wait for the resolver of names.
  library->easy_setopt(curl->easy, CURLOPT_QUICK_EXIT, 1L);
#endif
  curl->hears_of_sending = false;
#if HAS_PREREQUEST
  curl->hears_of_sending =
    library->easy_setopt(curl->easy, CURLOPT_PREREQFUNCTION, will_send) == CURLE_OK
    && library->easy_setopt(curl->easy, CURLOPT_PREREQDATA, curl) == CURLE_OK;
#endif
  if (!curl->hears_of_sending) {
    // Only on a connection that was kept is a request sent again in silence.
    library->easy_setopt(curl->easy, CURLOPT_FRESH_CONNECT, 1L);
    library->easy_setopt(curl->easy, CURLOPT_FORBID_REUSE, 1L);
  }
  curl->is_added = library->multi_add_handle(curl->multi, curl->easy) == CURLM_OK;
  return curl->is_added;
}

bool ccurl_step(ccurl *curl, int milliseconds) {
  const ccurl_library *library = curl->library;
  if (!curl->is_added || curl->is_done) return false;
  int running = 0;
  if (library->multi_perform(curl->multi, &running) != CURLM_OK) {
    curl->is_done = true;
    curl->code = CURLE_OUT_OF_MEMORY;
    return false;
  }
  int left = 0;
  for (CURLMsg *message; (message = library->multi_info_read(curl->multi, &left));) {
    if (message->msg != CURLMSG_DONE) continue;
    curl->is_done = true;
    curl->code = message->data.result;
  }
  if (curl->is_done) return false;
  // What came is for the caller to take, before more is waited for.
  if (curl->received_count == 0) {
    int ready = 0;
    library->multi_poll(curl->multi, NULL, 0, milliseconds, &ready);
  }
  return true;
}

const uint8_t *ccurl_received(const ccurl *curl, size_t *count) {
  *count = curl->received_count;
  return curl->received;
}

void ccurl_forget(ccurl *curl) { curl->received_count = 0; }

/// What a certificate fails on, by the numbers of OpenSSL, which other libraries do not give.
static ccurl_outcome distrust(ccurl *curl) {
  long result = 0;
  curl->library->easy_getinfo(curl->easy, CURLINFO_SSL_VERIFYRESULT, &result);
  // X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
  if (result == 10) return CCURL_EXPIRED;
  if (result == 62 || result == 64) return CCURL_OTHER_HOST;
  // libcurl compares the host itself, and gives no number then, or that of "unspecified".
  if (
    result <= 1
    && (strstr(curl->problem, "subject name") || strstr(curl->problem, "does not match"))
  ) {
    return CCURL_OTHER_HOST;
  }
  return CCURL_NO_TRUST;
}

static ccurl_outcome outcome(ccurl *curl) {
  const bool was_sent = ccurl_was_sent(curl);
  switch (curl->code) {
  case CURLE_OK: return CCURL_ANSWERED;
  case CURLE_WRITE_ERROR:
    // An error is one however much it says.
    return curl->status >= 200 && curl->status < 300 ? CCURL_TOO_LARGE : CCURL_ANSWERED;
  case CURLE_OPERATION_TIMEDOUT:
    return was_sent ? CCURL_NO_ANSWER_IN_TIME : CCURL_NO_CONNECTION_IN_TIME;
  case CURLE_PARTIAL_FILE: return CCURL_INCOMPLETE;
  case CURLE_UNSUPPORTED_PROTOCOL:
    // An answer without a head counts as one of another protocol.
    return was_sent ? CCURL_NOT_HTTP : CCURL_BAD_ADDRESS;
  case CURLE_URL_MALFORMAT: return CCURL_BAD_ADDRESS;
  case CURLE_WEIRD_SERVER_REPLY:
  case CURLE_BAD_CONTENT_ENCODING: return CCURL_NOT_HTTP;
  case CURLE_PEER_FAILED_VERIFICATION: return distrust(curl);
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_CRL_BADFILE: return CCURL_NO_CERTIFICATES;
  case CURLE_SSL_CONNECT_ERROR:
    // The network failed, and not the two of them.
    if (
      strstr(curl->problem, "SYSCALL") || strstr(curl->problem, "reset by peer")
      || strstr(curl->problem, "unexpected eof") || strstr(curl->problem, "properly terminated")
    ) {
      return CCURL_NO_CONNECTION;
    }
    return CCURL_NO_HANDSHAKE;
  case CURLE_SSL_CERTPROBLEM:
  case CURLE_SSL_CIPHER:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_INVALIDCERTSTATUS: return CCURL_NO_HANDSHAKE;
  default: break;
  }
  if (was_sent) return CCURL_BROKE_OFF;
  long connect = 0;
  curl->library->easy_getinfo(curl->easy, CURLINFO_HTTP_CONNECTCODE, &connect);
  if (connect >= 400 && connect < 500) {
    curl->status = connect;
    return CCURL_PROXY_REFUSES;
  }
  return CCURL_NO_CONNECTION;
}

ccurl_outcome ccurl_end(ccurl *curl) {
  const ccurl_library *library = curl->library;
  ccurl_outcome end = CCURL_BROKE_OFF;
  if (curl->is_added) {
    library->easy_getinfo(curl->easy, CURLINFO_RESPONSE_CODE, &curl->status);
    if (!curl->hears_of_sending) {
      curl_off_t microseconds = 0;
      library->easy_getinfo(curl->easy, CURLINFO_PRETRANSFER_TIME_T, &microseconds);
      if (microseconds > 0) curl->sendings = 1;
    }
    end = outcome(curl);
    library->multi_remove_handle(curl->multi, curl->easy);
    curl->is_added = false;
  }
  library->slist_free_all(curl->headers);
  curl->headers = NULL;
  return end;
}

long ccurl_status(const ccurl *curl) { return curl->status; }

const char *ccurl_retry_after(const ccurl *curl) { return curl->retry_after; }

bool ccurl_was_sent(const ccurl *curl) { return curl->sendings > 0; }
