/* What the switches of fastagent.c have to tell, and BER (X.690) as far as SNMP needs it. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INTEGER = 0x02, OCTETS = 0x04, IDENTIFIER = 0x06, SEQUENCE = 0x30 };
enum { COUNTER = 0x41, GAUGE = 0x42, TICKS = 0x43, COUNTER64 = 0x46 };
enum counter { QUESTIONS, BINDINGS, REPORTS, COUNTERS };

struct octets {
    const uint8_t *at;
    int length;
};

struct reader {
    const uint8_t *at, *end;
};

struct object {
    uint8_t name[24], value[128];
    int name_length, value_length;
};

static struct object *mib;
static int objects;
static volatile long *count;
static const struct octets NO_SUCH_OBJECT = {(const uint8_t *)"\x80\x00", 2};
static const struct octets END_OF_VIEW = {(const uint8_t *)"\x82\x00", 2};

/* ---- Reading: never beyond the end ---- */

/* Returns the tag of the next element and its content; -1 when there is none. */
static int take(struct reader *r, struct octets *content)
{
    if (r->end - r->at < 2)
        return -1;
    int tag = *r->at++, length = *r->at++;
    if (length & 0x80) {
        int more = length & 0x7f;
        if (more > 3 || r->end - r->at < more)
            return -1;
        for (length = 0; more--;)
            length = length << 8 | *r->at++;
    }
    if (r->end - r->at < length)
        return -1;
    *content = (struct octets){r->at, length};
    r->at += length;
    return tag;
}

static bool enter(struct reader *r, int tag, struct reader *inside)
{
    struct octets content;
    if (take(r, &content) != tag)
        return false;
    *inside = (struct reader){content.at, content.at + content.length};
    return true;
}

static bool take_int(struct reader *r, int64_t *value)
{
    struct octets content;
    if (take(r, &content) != INTEGER || content.length < 1 || content.length > 8)
        return false;
    *value = (int8_t)content.at[0];
    for (int i = 1; i < content.length; i++)
        *value = (int64_t)((uint64_t)*value << 8 | content.at[i]);
    return true;
}

/* ---- Writing: heads of four octets, whose lengths are written when they are known ---- */

static uint8_t *put_head(uint8_t *o, int tag)
{
    o[0] = (uint8_t)tag;
    o[1] = 0x82;
    return o + 4;
}

static void close_head(uint8_t *head, const uint8_t *end)
{
    long length = end - head - 4;
    head[2] = (uint8_t)(length >> 8);
    head[3] = (uint8_t)length;
}

static int encode_uint(uint8_t *o, int tag, uint64_t value)
{
    uint8_t reversed[9];
    int n = 0;
    do {
        reversed[n++] = (uint8_t)value;
        value >>= 8;
    } while (value);
    if (reversed[n - 1] & 0x80)
        reversed[n++] = 0;
    o[0] = (uint8_t)tag;
    o[1] = (uint8_t)n;
    for (int i = 0; i < n; i++)
        o[2 + i] = reversed[n - 1 - i];
    return 2 + n;
}

static uint8_t *put_int(uint8_t *o, int64_t value)
{
    if (value >= 0)
        return o + encode_uint(o, INTEGER, (uint64_t)value);
    o[0] = INTEGER;
    o[1] = 4;
    for (int i = 0; i < 4; i++)
        o[2 + i] = (uint8_t)(value >> (24 - 8 * i));
    return o + 6;
}

static uint8_t *put_octets(uint8_t *o, struct octets s)
{
    uint8_t *head = o;
    *o++ = OCTETS;
    if (s.length < 128) {
        *o++ = (uint8_t)s.length;
    } else {
        o = put_head(head, OCTETS);
        close_head(head, o + s.length);
    }
    if (s.length)
        memcpy(o, s.at, (size_t)s.length);
    return o + s.length;
}

static uint8_t *put_binding(uint8_t *o, struct octets name, struct octets value)
{
    int length = 2 + name.length + value.length;
    *o++ = SEQUENCE;
    if (length >= 128) /* a name of 127 octets and a value of 128 at most */
        *o++ = 0x81;
    *o++ = (uint8_t)length;
    *o++ = IDENTIFIER;
    *o++ = (uint8_t)name.length;
    memcpy(o, name.at, (size_t)name.length);
    memcpy(o + name.length, value.at, (size_t)value.length);
    return o + name.length + value.length;
}

static int encode_oid(uint8_t *o, const uint32_t *parts, int n)
{
    int at = 0;
    o[at++] = (uint8_t)(parts[0] * 40 + parts[1]);
    for (int i = 2; i < n; i++) {
        if (parts[i] >= 128)
            o[at++] = (uint8_t)(0x80 | parts[i] >> 7); /* no part is above 16,383 */
        o[at++] = parts[i] & 0x7f;
    }
    return at;
}

/* ---- What they tell ---- */

static struct octets name_of(int at)
{
    return (struct octets){mib[at].name, mib[at].name_length};
}

static struct octets last_object(void)
{
    return name_of(objects - 1);
}

static uint8_t *put_object(uint8_t *o, int at)
{
    count[BINDINGS]++;
    return put_binding(o, name_of(at), (struct octets){mib[at].value, mib[at].value_length});
}

static int ordered(struct octets a, struct octets b)
{
    int found = memcmp(a.at, b.at, (size_t)(a.length < b.length ? a.length : b.length));
    return found ? found : a.length - b.length;
}

/* The first object behind a name; `objects` where there is none. */
static int object_after(struct octets name)
{
    int low = 0, high = objects;
    while (low < high) {
        int middle = (low + high) / 2;
        if (ordered(name_of(middle), name) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int object_at(struct octets name)
{
    int at = object_after(name) - 1;
    return at >= 0 && ordered(name_of(at), name) == 0 ? at : -1;
}

static int by_name(const void *a, const void *b)
{
    const struct object *one = a, *other = b;
    return ordered((struct octets){one->name, one->name_length}, (struct octets){other->name, other->name_length});
}

static void add(const uint32_t *parts, int n, int tag, uint64_t number, const char *text)
{
    struct object *new = &mib[objects++];
    new->name_length = encode_oid(new->name, parts, n);
    struct octets said = {(const uint8_t *)text, text ? (int)strlen(text) : 0};
    new->value_length =
        text ? (int)(put_octets(new->value, said) - new->value) : encode_uint(new->value, tag, number);
}

static void add_port(uint32_t n)
{
    char name[40], alias[40];
    snprintf(name, sizeof name, "GigabitEthernet1/0/%u", n);
    snprintf(alias, sizeof alias, "desk %u on the second floor", n);
    for (uint32_t column = 1; column <= 22; column++) { /* ifEntry */
        const uint32_t oid[] = {1, 3, 6, 1, 2, 1, 2, 2, 1, column, n};
        uint64_t counted = 2654435761u * (uint64_t)(column * 64 + n) % 4294967291u;
        switch (column) {
        case 1: add(oid, 11, INTEGER, n, NULL); break;
        case 2: add(oid, 11, OCTETS, 0, name); break;
        case 3: add(oid, 11, INTEGER, 6, NULL); break;
        case 4: add(oid, 11, INTEGER, 1500, NULL); break;
        case 5: add(oid, 11, GAUGE, 1000000000, NULL); break;
        case 6: add(oid, 11, OCTETS, 0, "\x3c\xe5\xa6\x37\xdf\xda"); break;
        case 7: add(oid, 11, INTEGER, 1, NULL); break;
        case 8: add(oid, 11, INTEGER, 1 + (n % 3 == 0), NULL); break;
        case 9: add(oid, 11, TICKS, counted % 100000000, NULL); break;
        case 21: add(oid, 11, GAUGE, 0, NULL); break;
        case 22: add(oid, 11, IDENTIFIER, 0, NULL); break; /* 0.0 */
        default: add(oid, 11, COUNTER, column % 6 == 4 ? counted : counted % 1000, NULL);
        }
    }
    for (uint32_t column = 1; column <= 19; column++) { /* ifXEntry */
        const uint32_t oid[] = {1, 3, 6, 1, 2, 1, 31, 1, 1, 1, column, n};
        uint64_t counted = 11400714819323198485u * (uint64_t)(column * 64 + n) >> 8;
        switch (column) {
        case 1: add(oid, 12, OCTETS, 0, name + 15); break;
        case 14: case 16: case 17: add(oid, 12, INTEGER, 1, NULL); break;
        case 15: add(oid, 12, GAUGE, 1000, NULL); break;
        case 18: add(oid, 12, OCTETS, 0, alias); break;
        case 19: add(oid, 12, TICKS, 0, NULL); break;
        default: add(oid, 12, column < 6 ? COUNTER : COUNTER64, column < 6 ? counted % 4294967291u : counted, NULL);
        }
    }
}

static void build_objects(int ports)
{
    static const char *const texts[] = {
        [1] = "Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E8, RELEASE SOFTWARE (fc4)",
        [4] = "it@example.org", [5] = "sw-001", [6] = "server room",
    };
    mib = calloc((size_t)(16 + 41 * ports), sizeof *mib);
    for (uint32_t n = 1; n <= 6; n++) {
        const uint32_t oid[] = {1, 3, 6, 1, 2, 1, 1, n, 0};
        if (n != 2)
            add(oid, 9, TICKS, 123456789, texts[n]);
    }
    const uint32_t object_id[] = {1, 3, 6, 1, 2, 1, 1, 2, 0}, cisco[] = {1, 3, 6, 1, 4, 1, 9, 1, 1208};
    const uint32_t ports_in_all[] = {1, 3, 6, 1, 2, 1, 2, 1, 0}, changed[] = {1, 3, 6, 1, 2, 1, 31, 1, 5, 0};
    add(object_id, 9, INTEGER, 0, NULL);
    struct object *made = &mib[objects - 1];
    made->value[0] = IDENTIFIER;
    made->value[1] = (uint8_t)encode_oid(made->value + 2, cisco, 9);
    made->value_length = 2 + made->value[1];
    add(ports_in_all, 9, INTEGER, (uint64_t)ports, NULL);
    add(changed, 10, TICKS, 4242, NULL);
    for (int n = 1; n <= ports; n++)
        add_port((uint32_t)n);
    qsort(mib, (size_t)objects, sizeof *mib, by_name);
}
