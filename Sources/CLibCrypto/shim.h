#ifndef HUNCH_CLIBCRYPTO_SHIM_H
#define HUNCH_CLIBCRYPTO_SHIM_H
#include <openssl/evp.h>
#endif
