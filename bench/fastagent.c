/* Many switches in one process that answer SNMP: version 2c, and 3 with HMAC-SHA-1-96 and AES-128 (RFC 3414, 3826).
 *
 * Use: fastagent DEVICES PORTS UDPPORT COUNTERS
 * Device n (from 0) answers on 127.16.0.1 and so on, 250 of them to a 127.16.x.0/24; community any, user "bench",
 * "authpass12345", "privpass12345"; an engine of its own each. All have the same system group, ifTable and ifXTable.
 * COUNTERS is a file of three longs: questions, bindings in answers, reports (RFC 3414, section 3.2).
 * Writes "ready" when it listens; ends with its standard input. So fast that it is never the limit of what is measured.
 */
#define _GNU_SOURCE
#define OPENSSL_SUPPRESS_DEPRECATED
#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fastmib.h"

enum { PER_NET = 250, QUESTION = 8192, ANSWER = 70000, KEY = 20, MAC = 12, ENGINE_ID = 9, ASKED = 64, ROWS = 200 };
enum { FULL = 60000, RECEIVE_BUFFER = 1 << 20, BOOTS = 7, CLOCK = 1000, WINDOW = 150 };
enum { BULK = 0xA5, NEXT = 0xA1, GET = 0xA0, RESPONSE = 0xA2, REPORT = 0xA8 };
enum report { NONE = 0, NOT_LEVEL = 1, NOT_IN_WINDOW = 2, UNKNOWN_ENGINE = 4, WRONG_DIGEST = 5 };

struct device {
    int fd;
    uint8_t engine[ENGINE_ID], auth[KEY], priv[KEY];
};

struct message {
    int64_t id, boots, time;
    struct reader scoped;
    struct octets engine, user, mac, salt;
    int flags;
};

static time_t started;
static EVP_CIPHER_CTX *cipher;

static void die(const char *why)
{
    fprintf(stderr, "fastagent: %s\n", why);
    exit(1);
}

/* ---- Keys and proofs (RFC 3414, section 2.6 and 6; RFC 3826) ---- */

static void master(const char *password, uint8_t *key)
{
    SHA_CTX hash;
    size_t length = strlen(password), at = 0;
    SHA1_Init(&hash);
    for (int n = 0; n < 1 << 20; n++)
        SHA1_Update(&hash, password + at++ % length, 1);
    SHA1_Final(key, &hash);
}

static void localize(const uint8_t *key, const uint8_t *engine, uint8_t *local)
{
    SHA_CTX hash;
    SHA1_Init(&hash);
    SHA1_Update(&hash, key, KEY);
    SHA1_Update(&hash, engine, ENGINE_ID);
    SHA1_Update(&hash, key, KEY);
    SHA1_Final(local, &hash);
}

static void prove(const uint8_t *key, const uint8_t *message, int length, uint8_t *mac)
{
    uint8_t pad[64] = {0}, digest[KEY];
    SHA_CTX hash;
    memcpy(pad, key, KEY);
    for (int i = 0; i < 64; i++)
        pad[i] ^= 0x36;
    SHA1_Init(&hash);
    SHA1_Update(&hash, pad, 64);
    SHA1_Update(&hash, message, (size_t)length);
    SHA1_Final(digest, &hash);
    for (int i = 0; i < 64; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    SHA1_Init(&hash);
    SHA1_Update(&hash, pad, 64);
    SHA1_Update(&hash, digest, KEY);
    SHA1_Final(digest, &hash);
    memcpy(mac, digest, MAC);
}

static void encipher(bool forth, const struct device *d, const int64_t clock[2], const uint8_t *salt, struct octets in,
                     uint8_t *out)
{
    uint8_t iv[16];
    uint32_t boots = htonl((uint32_t)clock[0]), seconds = htonl((uint32_t)clock[1]);
    int written;
    memcpy(iv, &boots, 4);
    memcpy(iv + 4, &seconds, 4);
    memcpy(iv + 8, salt, 8);
    EVP_CipherInit_ex(cipher, EVP_aes_128_cfb128(), NULL, d->priv, iv, forth);
    EVP_CipherUpdate(cipher, out, &written, in.at, in.length);
}

/* ---- Questions and answers (RFC 3416) ---- */

static uint8_t *answer_bulk(uint8_t *o, const struct octets *asked, int n, int64_t heads, int64_t rows)
{
    const uint8_t *start = o;
    int at[ASKED];
    bool more = true;
    if (heads > n)
        heads = n;
    for (int i = 0; i < n; i++)
        at[i] = object_after(asked[i]);
    for (int i = 0; i < heads; i++)
        o = at[i] < objects ? put_object(o, at[i]) : put_binding(o, asked[i], END_OF_VIEW);
    for (int row = 0; row < rows && row < ROWS && more; row++) {
        more = false;
        for (int i = (int)heads; i < n; i++) {
            if (o - start > FULL)
                return o;
            more |= at[i] < objects;
            o = at[i] < objects ? put_object(o, at[i]++) : put_binding(o, last_object(), END_OF_VIEW);
        }
    }
    return o;
}

/* Returns the end of the answer to the PDU that stands there; NULL when it is none. */
static uint8_t *answer(struct reader *r, uint8_t *o)
{
    struct reader listed, row;
    struct octets asked[ASKED], pdu;
    int64_t id, second, third;
    int kind = take(r, &pdu), n = 0;
    struct reader in = {pdu.at, pdu.at + pdu.length};
    if (kind < 0 || !take_int(&in, &id) || !take_int(&in, &second) || !take_int(&in, &third) ||
        !enter(&in, SEQUENCE, &listed))
        return NULL;
    while (listed.at < listed.end && n < ASKED) {
        if (!enter(&listed, SEQUENCE, &row) || take(&row, &asked[n++]) != IDENTIFIER)
            return NULL;
    }
    uint8_t *begin = o, *list;
    o = put_head(o, RESPONSE);
    o = put_int(put_int(put_int(o, id), 0), 0);
    list = o;
    o = put_head(o, SEQUENCE);
    if (kind == GET) {
        for (int i = 0; i < n; i++) {
            int at = object_at(asked[i]);
            o = at >= 0 ? put_object(o, at) : put_binding(o, asked[i], NO_SUCH_OBJECT);
        }
    } else if (kind == NEXT || kind == BULK) {
        o = answer_bulk(o, asked, n, kind == NEXT ? n : second, kind == NEXT ? 0 : third);
    } else {
        return NULL;
    }
    close_head(list, o);
    close_head(begin, o);
    return o;
}

static uint8_t *put_report(uint8_t *o, enum report why)
{
    uint8_t name[16], *begin = o, *list;
    const uint32_t counter[] = {1, 3, 6, 1, 6, 3, 15, 1, 1, (uint32_t)why, 0};
    struct octets oid = {name, encode_oid(name, counter, 11)};
    count[REPORTS]++;
    o = put_int(put_int(put_int(put_head(o, REPORT), 0), 0), 0);
    list = o;
    o = put_binding(put_head(o, SEQUENCE), oid, (struct octets){(const uint8_t *)"\x41\x01\x01", 3});
    close_head(list, o);
    close_head(begin, o);
    return o;
}

/* ---- Version 3 (RFC 3412, section 6; RFC 3414, section 2.4) ---- */

static bool read_message(struct reader *r, struct message *m)
{
    struct reader global, security, inside;
    struct octets flags;
    int64_t size;
    if (!enter(r, SEQUENCE, &global) || !take_int(&global, &m->id) || !take_int(&global, &size) ||
        take(&global, &flags) != OCTETS || flags.length != 1)
        return false;
    m->flags = flags.at[0];
    if (!enter(r, OCTETS, &security) || !enter(&security, SEQUENCE, &inside) || take(&inside, &m->engine) != OCTETS ||
        !take_int(&inside, &m->boots) || !take_int(&inside, &m->time) || take(&inside, &m->user) != OCTETS ||
        take(&inside, &m->mac) != OCTETS || take(&inside, &m->salt) != OCTETS)
        return false;
    m->scoped = *r;
    return true;
}

static enum report judged(const struct device *d, const struct message *m, struct octets whole)
{
    static uint8_t copy[QUESTION];
    uint8_t mac[MAC];
    int64_t now = CLOCK + (time(NULL) - started);
    if (m->engine.length != ENGINE_ID || memcmp(m->engine.at, d->engine, ENGINE_ID) != 0)
        return UNKNOWN_ENGINE;
    if (!(m->flags & 1))
        return NOT_LEVEL;
    if (m->mac.length != MAC)
        return WRONG_DIGEST;
    memcpy(copy, whole.at, (size_t)whole.length);
    memset(copy + (m->mac.at - whole.at), 0, MAC);
    prove(d->auth, copy, whole.length, mac);
    if (memcmp(mac, m->mac.at, MAC) != 0)
        return WRONG_DIGEST;
    return m->boots == BOOTS && m->time > now - WINDOW && m->time < now + WINDOW ? NONE : NOT_IN_WINDOW;
}

/* Returns the end of the scoped PDU that answers; NULL when there is nothing to answer. */
static uint8_t *put_scoped(uint8_t *o, const struct device *d, struct message *m, enum report why)
{
    static uint8_t plain[QUESTION];
    uint8_t *begin = o;
    o = put_octets(put_octets(put_head(o, SEQUENCE), (struct octets){d->engine, ENGINE_ID}), (struct octets){NULL, 0});
    if (why != NONE) {
        o = put_report(o, why);
    } else {
        struct octets secret;
        struct reader inside;
        if (m->flags & 2) {
            if (take(&m->scoped, &secret) != OCTETS || m->salt.length != 8)
                return NULL;
            encipher(false, d, (int64_t[]){m->boots, m->time}, m->salt.at, secret, plain);
            m->scoped = (struct reader){plain, plain + secret.length};
        }
        if (!enter(&m->scoped, SEQUENCE, &inside) || take(&inside, &secret) < 0 || take(&inside, &secret) < 0 ||
            !(o = answer(&inside, o)))
            return NULL;
    }
    close_head(begin, o);
    return o;
}

static int answer_v3(const struct device *d, struct reader *r, struct octets whole, uint8_t *out)
{
    static uint8_t scoped[ANSWER];
    static uint64_t salt;
    struct message m;
    if (!read_message(r, &m))
        return 0;
    enum report why = judged(d, &m, whole);
    int flags = why == NONE ? m.flags & 3 : why == NOT_IN_WINDOW;
    int64_t clock[2] = {BOOTS, CLOCK + (time(NULL) - started)};
    uint8_t *inner = put_scoped(scoped, d, &m, why), *o = out, *global, *security, *fields, *mac = NULL;
    if (!inner)
        return 0;
    o = put_int(put_head(o, SEQUENCE), 3);
    global = o;
    o = put_int(put_int(put_head(o, SEQUENCE), m.id), 65507);
    o = put_int(put_octets(o, (struct octets){(uint8_t[]){(uint8_t)flags}, 1}), 3);
    close_head(global, o);
    security = o;
    fields = put_head(o, OCTETS);
    o = put_octets(put_head(fields, SEQUENCE), (struct octets){d->engine, ENGINE_ID});
    o = put_octets(put_int(put_int(o, clock[0]), clock[1]), m.user);
    o = put_octets(o, (struct octets){(const uint8_t[MAC]){0}, flags & 1 ? MAC : 0});
    if (flags & 1)
        mac = o - MAC;
    salt++;
    o = put_octets(o, (struct octets){(const uint8_t *)&salt, flags & 2 ? 8 : 0});
    close_head(fields, o);
    close_head(security, o);
    struct octets content = {scoped, (int)(inner - scoped)};
    if (flags & 2) {
        uint8_t *secret = o;
        o = put_head(o, OCTETS);
        encipher(true, d, clock, (const uint8_t *)&salt, content, o);
        o += content.length;
        close_head(secret, o);
    } else {
        memcpy(o, content.at, (size_t)content.length);
        o += content.length;
    }
    close_head(out, o);
    if (mac)
        prove(d->auth, out, (int)(o - out), mac);
    return (int)(o - out);
}

static int answer_packet(const struct device *d, struct octets whole, uint8_t *out)
{
    struct reader r = {whole.at, whole.at + whole.length}, in;
    struct octets community;
    int64_t version;
    count[QUESTIONS]++;
    if (!enter(&r, SEQUENCE, &in) || !take_int(&in, &version))
        return 0;
    if (version == 3)
        return answer_v3(d, &in, whole, out);
    if (version != 1 || take(&in, &community) != OCTETS)
        return 0;
    uint8_t *o = answer(&in, put_octets(put_int(put_head(out, SEQUENCE), version), community));
    if (!o)
        return 0;
    close_head(out, o);
    return (int)(o - out);
}

/* ---- Sockets ---- */

static struct device made(int number, int port, const uint8_t masters[2][KEY])
{
    struct device d = {.fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    int size = RECEIVE_BUFFER;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(0x7f100000u | (uint32_t)((number / PER_NET) << 8) | (uint32_t)(1 + number % PER_NET));
    setsockopt(d.fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (d.fd < 0 || bind(d.fd, (struct sockaddr *)&at, sizeof at))
        die("an address is taken, or too many files are open");
    memcpy(d.engine, "\x80\x00\x1f\x88\x01", 5); /* of an IPv4 address (RFC 3411, SnmpEngineID) */
    memcpy(d.engine + 5, &at.sin_addr.s_addr, 4);
    localize(masters[0], d.engine, d.auth);
    localize(masters[1], d.engine, d.priv);
    return d;
}

static void serve(const struct device *d)
{
    static uint8_t in[QUESTION], out[ANSWER];
    for (int turn = 0; turn < 64; turn++) {
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(d->fd, in, sizeof in, 0, (struct sockaddr *)&from, &size);
        if (got < 0)
            return;
        int length = answer_packet(d, (struct octets){in, (int)got}, out);
        if (length > 0)
            sendto(d->fd, out, (size_t)length, 0, (struct sockaddr *)&from, size);
    }
}

static void map_counters(const char *file)
{
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, COUNTERS * (off_t)sizeof *count))
        die("no file for the counters");
    count = mmap(NULL, COUNTERS * sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (count == MAP_FAILED)
        die("no memory for the counters");
}

static void allow_files(int files)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < (rlim_t)files)
        limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    uint8_t masters[2][KEY];
    struct epoll_event events[64];
    if (argc != 5)
        die("use: fastagent DEVICES PORTS UDPPORT COUNTERS");
    int devices = atoi(argv[1]), port = atoi(argv[3]), poll = epoll_create1(EPOLL_CLOEXEC);
    struct device *all = calloc((size_t)devices, sizeof *all);
    started = time(NULL);
    cipher = EVP_CIPHER_CTX_new();
    build_objects(atoi(argv[2]));
    map_counters(argv[4]);
    allow_files(devices + 16);
    master("authpass12345", masters[0]);
    master("privpass12345", masters[1]);
    for (int n = 0; n < devices; n++) {
        all[n] = made(n, port, (const uint8_t(*)[KEY])masters);
        epoll_ctl(poll, EPOLL_CTL_ADD, all[n].fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = &all[n]});
    }
    epoll_ctl(poll, EPOLL_CTL_ADD, STDIN_FILENO, &(struct epoll_event){.events = EPOLLIN, .data.ptr = NULL});
    puts("ready");
    fflush(stdout);
    for (;;) {
        int found = epoll_wait(poll, events, 64, -1);
        for (int i = 0; i < found; i++) {
            if (!events[i].data.ptr)
                return 0;
            serve(events[i].data.ptr);
        }
    }
}
